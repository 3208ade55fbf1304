export type { LibvirtArgs, LibvirtNetworkArgs, LibvirtTransforms, MountArgs } from "./args.js";
export { libvirt } from "./target.js";
export { childrenOf, element, find, type XmlElement } from "./xml/element.js";
export { readXml } from "./xml/read.js";
