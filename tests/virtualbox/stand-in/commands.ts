import type { State } from "./state.js";
import type { Parsed } from "./syntax.js";

/** What a command does; it returns what VBoxManage prints. */
export type Work = (state: State, line: Parsed) => string | Promise<string>;
