import { firn } from "./firn.js";

process.exitCode = await firn(process.argv.slice(2), { out: console.log, error: console.error });
