import { testFaults } from "./matrix.js";
import { FAULTS } from "./rows/index.js";

testFaults("machines in trouble", "faults", FAULTS);
