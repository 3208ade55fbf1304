let
  license = free: shortName: attrs: { inherit free shortName; deprecated = false; redistributable = free; fullName = shortName; } // attrs;
  free = shortName: spdxId: license true shortName { inherit spdxId; };
in
{
  asl20 = free "asl20" "Apache-2.0";
  bsd2 = free "bsd2" "BSD-2-Clause";
  bsd3 = free "bsd3" "BSD-3-Clause";
  gpl2Only = free "gpl2Only" "GPL-2.0-only";
  gpl2Plus = free "gpl2Plus" "GPL-2.0-or-later";
  gpl3Only = free "gpl3Only" "GPL-3.0-only";
  gpl3Plus = free "gpl3Plus" "GPL-3.0-or-later";
  isc = free "isc" "ISC";
  lgpl2Plus = free "lgpl2Plus" "LGPL-2.0-or-later";
  mit = free "mit" "MIT";
  mpl20 = free "mpl20" "MPL-2.0";
  postgresql = free "postgresql" "PostgreSQL";
  publicDomain = license true "publicDomain" { };
  unfree = license false "unfree" { };
  unfreeRedistributable = license false "unfreeRedistributable" { redistributable = true; };
}
