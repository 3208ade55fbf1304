import { connect } from "node:net";

/** Like the real VBoxManage, this is a client only: the machines and media are the business of one server. */
const socket = connect(process.env.FIRN_TEST_VBOXSVC ?? "");
socket.on("error", () => {
  // What the real one says where its server does not come up.
  process.stderr.write("VBoxManage: error: Failed to create the VirtualBox object!\n");
  process.exit(1);
});
socket.end(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd() }));
let text = "";
for await (const chunk of socket) text += chunk;
const { exitCode, stdout, stderr } = JSON.parse(text);
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
