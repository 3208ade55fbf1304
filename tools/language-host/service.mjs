import { streamInstall } from "./install.mjs";
import { installedPackages, providerPlugins } from "./packages.mjs";
import { runProgram } from "./program.mjs";

/**
 * The calls of `pulumirpc.LanguageRuntime` that the engine needs for programs; others answer UNIMPLEMENTED,
 * which the engine knows how to take.
 *
 * @param {ReturnType<typeof import("./sdk.mjs").loadSdk>} sdk
 * @param {string} engine address of the engine
 * @returns {{ service: Record<string, Function>, stop: () => void }} `stop` ends every process started by a call
 */
export function languageRuntime(sdk, engine) {
  const { grpc, messages, plugins, Empty } = sdk;
  /** @type {Set<import("node:child_process").ChildProcess>} */
  const children = new Set();

  /** @param {import("node:child_process").ChildProcess} child */
  const track = (child) => {
    children.add(child);
    child.once("exit", () => children.delete(child));
  };
  const stop = () => {
    for (const child of children) child.kill("SIGTERM");
  };

  /** @param {(request: any) => unknown} answer */
  const unary = (answer) => async (/** @type {any} */ call, /** @type {any} */ callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({
        code: grpc.status.UNKNOWN,
        details: error instanceof Error ? error.message : String(error),
      });
    }
  };

  /** @param {any} Dependency @param {any} request */
  const requiredPlugins = (Dependency, request) =>
    providerPlugins(installedPackages(request.getInfo().getProgramDirectory())).map((plugin) =>
      message(Dependency, { ...plugin, kind: "resource" }),
    );

  const service = {
    run: unary(async (request) =>
      message(messages.RunResponse, await runProgram({ engine, ...programRequest(request) }, track)),
    ),
    getRequiredPackages: unary((request) =>
      message(messages.GetRequiredPackagesResponse, {
        packagesList: requiredPlugins(plugins.PackageDependency, request),
      }),
    ),
    getRequiredPlugins: unary((request) =>
      message(messages.GetRequiredPluginsResponse, {
        pluginsList: requiredPlugins(plugins.PluginDependency, request),
      }),
    ),
    getProgramDependencies: unary((request) => {
      const all = installedPackages(request.getInfo().getProgramDirectory());
      const wanted = all.filter(({ direct }) => direct || request.getTransitivedependencies());
      return message(messages.GetProgramDependenciesResponse, {
        dependenciesList: wanted.map(({ name, version }) =>
          message(messages.DependencyInfo, { name, version }),
        ),
      });
    }),
    getPluginInfo: unary(() => message(plugins.PluginInfo, { version: sdk.version })),
    about: unary(() =>
      message(messages.AboutResponse, { executable: process.execPath, version: process.version }),
    ),
    installDependencies: (/** @type {any} */ call) => {
      const { request } = call;
      const directory = request.getInfo()?.getProgramDirectory() || request.getDirectory();
      const install = streamInstall(directory, (stream, chunk) =>
        call.write(message(messages.InstallDependenciesResponse, { [stream]: chunk })),
      );
      track(install.process);
      install.done.then(
        () => call.end(),
        (error) => call.emit("error", { code: grpc.status.UNKNOWN, details: error.message }),
      );
    },
    runtimeOptionsPrompts: unary(() => new messages.RuntimeOptionsResponse()),
    cancel: unary(() => {
      stop();
      return new Empty();
    }),
  };
  return { service, stop };
}

/** Fills a new message through its setters; undefined fields are left alone. @param {any} Message @param {object} fields */
function message(Message, fields) {
  const result = new Message();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) result[`set${name[0]?.toUpperCase()}${name.slice(1)}`](value);
  }
  return result;
}

/** @param {any} request a `RunRequest` */
function programRequest(request) {
  const info = request.getInfo();
  return {
    monitor: request.getMonitorAddress(),
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: info.getRootDirectory(),
    programDirectory: info.getProgramDirectory(),
    pwd: request.getPwd(),
    entryPoint: info.getEntryPoint(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
    options: info.getOptions()?.toJavaScript() ?? {},
  };
}
