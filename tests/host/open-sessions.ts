/** Shell text that ends every ssh session of a machine, but not its sshd: newer ones call the processes `sshd-session`. */
export const CUT_SESSIONS = "pkill -KILL -f '^sshd-session' || pkill -KILL -f '^sshd: '";
