#!/usr/bin/env node
// npm links programs that are there when it installs, which is before a checkout is built.
import "../dist/main.js";
