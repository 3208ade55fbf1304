/** Gives every option path an interface name of its own: `services.nginx` becomes `ServicesNginx`. */
export class InterfaceNames {
  private readonly taken = new Set([
    ...["Nix", "NixData", "NixFunction", "NixPackage", "NixPath", "NixosOptions", "RemovedOption"],
    ...["Record"],
  ]);

  take(path: readonly string[]): string {
    const base = path.map(capitalise).join("") || "Options";
    let name = /^[0-9]/.test(base) ? `_${base}` : base;
    for (let number = 2; this.taken.has(name); number += 1) name = `${base}${number}`;
    this.taken.add(name);
    return name;
  }
}

function capitalise(part: string): string {
  return part
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
