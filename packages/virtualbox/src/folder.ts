import { VirtualboxError } from "./manage/error.js";
import { manage } from "./manage/manage.js";

/** Where VirtualBox keeps this user's machines. */
export async function defaultFolder(): Promise<string> {
  const text = await manage("tell where its machines are", "list", "systemproperties");
  const folder = /^Default machine folder:\s+(.*?)\r?$/m.exec(text)?.[1];
  if (folder) return folder;
  throw new VirtualboxError(
    "VirtualBox has no default machine folder: set one with `VBoxManage setproperty machinefolder default`.",
  );
}
