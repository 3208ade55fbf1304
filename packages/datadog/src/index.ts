export { type DatadogAgentArgs, datadogAgent } from "./agent.js";
export { type DatadogMonitorsArgs, datadogMonitors } from "./monitors.js";
