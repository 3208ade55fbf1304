{ lib }:
rec {
  addMetaAttrs = attrs: drv: drv // { meta = (drv.meta or { }) // attrs; };
  setPrio = priority: addMetaAttrs { inherit priority; };
  lowPrio = setPrio 10;
  hiPrio = setPrio (-10);
  platformMatch = platform: system: builtins.isString system && platform.system == system;
  availableOn = platform: pkg: !(pkg ? meta.platforms) || lib.any (platformMatch platform) pkg.meta.platforms;
  getLicenseFromSpdxId = id: lib.findFirst (license: license.spdxId or null == id) (throw "no license ${id}") (lib.attrValues lib.licenses);
  getExe = x: getExe' x (x.meta.mainProgram or (lib.getName x));
  getExe' = x: name: "${lib.getBin x}/bin/${name}";
}
