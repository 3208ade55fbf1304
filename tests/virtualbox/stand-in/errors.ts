/** Result codes of VirtualBox' COM interfaces, as its SDK reference lists them. */
const CODES = {
  VBOX_E_OBJECT_NOT_FOUND: "0x80bb0001",
  VBOX_E_INVALID_VM_STATE: "0x80bb0002",
  VBOX_E_FILE_ERROR: "0x80bb0004",
  VBOX_E_IPRT_ERROR: "0x80bb0005",
  VBOX_E_INVALID_OBJECT_STATE: "0x80bb0007",
  VBOX_E_HOST_ERROR: "0x80bb0008",
  VBOX_E_NOT_SUPPORTED: "0x80bb0009",
  VBOX_E_OBJECT_IN_USE: "0x80bb000c",
  NS_ERROR_FAILURE: "0x80004005",
  NS_ERROR_INVALID_ARG: "0x80070057",
  E_ACCESSDENIED: "0x80070005",
} as const;

/** VBoxManage says no: exit code 1, or 2 where the command line is wrong. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode: number = 1,
  ) {
    super(message);
  }
}

/** What a COM object refused, as VBoxManage prints it. */
export function refusal(text: string, code: keyof typeof CODES, component: string, context: string): Refusal {
  const at = component.replace(/Wrap$/, "");
  return new Refusal(
    [
      text,
      `Details: code ${code} (${CODES[code]}), component ${component}, interface I${at === "SessionMachine" ? "Machine" : at}, callee nsISupports`,
      `Context: "${context}" at line 1 of file VBoxManage.cpp`,
    ].join("\n"),
  );
}

/** An access that VirtualBox denies without an explanation, as that of addresses for host-only networks. */
export function denied(context: string): Refusal {
  return new Refusal(
    [
      `Code E_ACCESSDENIED (${CODES.E_ACCESSDENIED}) - Access denied (extended info not available)`,
      `Context: "${context}" at line 242 of file VBoxManageHostonly.cpp`,
    ].join("\n"),
  );
}

export function notFound(name: string): Refusal {
  const isUuid = /^[0-9a-f-]{36}$/.test(name);
  return refusal(
    isUuid
      ? `Could not find a registered machine with UUID {${name}}`
      : `Could not find a registered machine named '${name}'`,
    "VBOX_E_OBJECT_NOT_FOUND",
    "VirtualBoxWrap",
    "FindMachine(Bstr(a->argv[0]).raw(), machine.asOutParam())",
  );
}

/** What somebody else works on: VirtualBox lets one at a time write. */
export function locked(name: string): Refusal {
  return refusal(
    `The machine '${name}' is already locked for a session (or being unlocked)`,
    "VBOX_E_INVALID_OBJECT_STATE",
    "MachineWrap",
    "LockMachine(a->session, LockType_Write)",
  );
}
