import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** What the search goes by; those of this computer unless a test says otherwise. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(file: string): Promise<boolean>;
}

const OWN: Surroundings = {
  platform: process.platform,
  env: process.env,
  exists: (file) =>
    access(file, constants.X_OK).then(
      () => true,
      () => false,
    ),
};

/** Where VirtualBox' installers put it, which macOS and Windows do not have on PATH. */
const MACOS = "/Applications/VirtualBox.app/Contents/MacOS";
const WINDOWS = "C:\\Program Files\\Oracle\\VirtualBox";

/** Path of VBoxManage: on PATH, or where the installers for macOS and Windows put it; `undefined` where there is none. */
export async function findProgram(around: Surroundings = OWN): Promise<string | undefined> {
  const { platform, env } = around;
  const name = platform === "win32" ? "VBoxManage.exe" : "VBoxManage";
  const directories = [
    ...(env.PATH ?? env.Path ?? "").split(delimiter),
    ...(platform === "darwin" ? [MACOS] : []),
    ...(platform === "win32" ? [env.VBOX_MSI_INSTALL_PATH ?? WINDOWS] : []),
  ];
  for (const directory of directories.filter(Boolean)) {
    const file = join(directory, name);
    if (await around.exists(file)) return file;
  }
  return undefined;
}

/** What to do where there is no VBoxManage. */
export function missingProgram(platform: NodeJS.Platform = process.platform): string {
  const place = {
    darwin: `it is looked for on PATH and in ${MACOS}. Install VirtualBox from virtualbox.org`,
    win32: `it is looked for on PATH and in ${WINDOWS}. Install VirtualBox from virtualbox.org`,
  }[platform as string];
  return `VBoxManage is not to be found: ${place ?? "it is looked for on PATH. Install VirtualBox with your distribution's package manager (NixOS: virtualisation.virtualbox.host.enable)"}, 7.0 or later.`;
}
