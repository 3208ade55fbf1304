export { type OpenPorts, openPorts, type PortRange } from "./open-ports.js";
export { resourceName } from "./resource-name.js";
export { type StopPolicy, withoutStop } from "./stop.js";
export { takeOverModule } from "./take-over.js";
export { told } from "./told.js";
export { type Transform, transformed } from "./transform.js";
export { ubuntuDisk } from "./ubuntu.js";
export { cloudConfig } from "./user-data.js";
export { type VolumeArgs, volumeModule } from "./volume.js";
