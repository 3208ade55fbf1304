/** A program that declares a machine, and where an option's value in it was written. */
export interface OriginCase {
  readonly what: string;
  /** Option, in `config` of the machine `web`. */
  readonly option: readonly (string | number)[];
  /** Whether the option's name is sought. */
  readonly isName?: boolean;
  /** The program; `// HERE` ends the lines where the value was written: none where nobody can tell. */
  readonly program: string;
  /** Further files of the program. */
  readonly files?: Readonly<Record<string, string>>;
}

const port = ["services", "web", "port"];

export const ORIGIN_CASES: readonly OriginCase[] = [
  {
    what: "an object literal",
    option: port,
    program: `net.machine("web", {
      config: {
        services: {
          web: {
            enable: true,
            port: 80, // HERE
          },
        },
      },
    });`,
  },
  {
    what: "an object literal in another order, quoted and shorthand",
    option: ["services", "a.b", "port"],
    program: `const config = {
      services: { "a.b": { port: 80 } }, // HERE
      "networking": {},
    };
    net.machine("web", { config });`,
  },
  {
    what: "a variable",
    option: port,
    program: `const port = 80; // HERE
    net.machine("web", { config: { services: { web: { port } } } });`,
  },
  {
    what: "a name whose value is a variable",
    option: ["services", "wbe"],
    isName: true,
    program: `const web = { port: 80 };
    net.machine("web", { config: { services: {
      wbe: web, // HERE
    } } });`,
  },
  {
    what: "a member of a variable",
    option: port,
    program: `const ports = {
      web: 80, // HERE
      db: 5432,
    };
    net.machine("web", { config: { services: { web: { port: ports.web } } } });`,
  },
  {
    what: "a destructured variable",
    option: port,
    program: `const ports = { http: { plain: 80 } }; // HERE
    const { http: { plain } } = ports;
    net.machine("web", { config: { services: { web: { port: plain } } } });`,
  },
  {
    what: "a value that only the run knows: where it is used",
    option: port,
    program: `const port = Number(process.env.NO_PORT ?? 80);
    net.machine("web", { config: { services: { web: {
      enable: true,
      port: Number(port) + 1, // HERE
    } } } });`,
  },
  {
    what: "a spread",
    option: port,
    program: `const base = { services: {
      web: { port: 80 } } }; // HERE
    net.machine("web", { config: { ...base, networking: {} } });`,
  },
  {
    what: "the later of two spreads",
    option: port,
    program: `const one = { services: { web: { port: 1 } } };
    const two = { services: { web: { port: 2 } } }; // HERE
    net.machine("web", { config: { ...one, ...two } });`,
  },
  {
    what: "a name after a spread",
    option: port,
    program: `const web = { port: 1, enable: true };
    net.machine("web", { config: { services: { web: {
      ...web,
      port: 2, // HERE
    } } } });`,
  },
  {
    what: "a spread on a condition, in force",
    option: port,
    program: `const on = process.pid > 0;
    net.machine("web", { config: { services: { web: {
      port: 1,
      ...(on ? {
        port: 2, // HERE
      } : {}),
    } } } });`,
  },
  {
    what: "a spread on a condition, not in force",
    option: port,
    program: `const on = process.pid < 0;
    net.machine("web", { config: { services: { web: {
      port: 1, // HERE
      ...(on && { port: 2 }),
    } } } });`,
  },
  {
    what: "either of two values",
    option: port,
    program: `const on = process.pid > 0;
    net.machine("web", { config: { services: { web: { port: on
      ? 8080 // HERE
      : 80 } } } });`,
  },
  {
    what: "a function that returns literals",
    option: port,
    program: `const web = (port: number) => ({
      services: { web: { enable: true, port } },
    });
    net.machine("web", {
      config: web(80), // HERE
    });`,
  },
  {
    what: "a function with a default and a body",
    option: port,
    program: `function web({ port = 80 }: { port?: number } = {}) {
      const services = {
        web: { port: 81 }, // HERE
      };
      return { services, networking: { domain: String(port) } };
    }
    net.machine("web", { config: { ...web() } });`,
  },
  {
    what: "a function of a function",
    option: port,
    program: `const on = (name: string) => (value: object) => ({ services: { [name]: value } });
    net.machine("web", { config: on("web")({
      port: 80, // HERE
    }) });`,
  },
  {
    what: "an imported file",
    option: port,
    files: {
      "shared.ts": `export const web = {
        port: 80, // HERE
      };`,
    },
    program: `import { web } from "./shared.js";
    net.machine("web", { config: { services: { web } } });`,
  },
  {
    what: "an imported function, through a barrel and a namespace, with a default export",
    option: port,
    files: {
      "profiles/index.ts": `export * from "./web.js";`,
      "profiles/web.ts": `import defaults from "./defaults.js";
        export function webServer() { return { services: { web: { ...defaults } } }; }`,
      "profiles/defaults.ts": `export default {
        port: 80, // HERE
      };`,
    },
    program: `import * as profiles from "./profiles/index.js";
    net.machine("web", { config: profiles.webServer() });`,
  },
  {
    what: "a helper that declares machines",
    option: port,
    program: `function server(name: string, config: object) {
      return net.machine(name, { config: { networking: {}, ...config } });
    }
    server("db", { services: { web: { port: 1 } } });
    server("web", {
      services: { web: { port: 2 } }, // HERE
    });`,
  },
  {
    what: "a helper of a helper",
    option: port,
    program: `const declare = (name: string, args: object) => net.machine(name, args);
    const server = (name: string, port: number) => declare(name, { config: { services: { web: { port } } } });
    server("db", 1);
    server("web", 2); // HERE`,
  },
  {
    what: "a loop over names",
    option: ["networking", "domain"],
    program: `for (const name of ["db", "web"])
      net.machine(name, { config: {
        networking: { domain: "d" } } }); // HERE`,
  },
  {
    what: "a loop over machines",
    option: port,
    program: `const machines = [
      { name: "db", port: 1 },
      { name: "web", port: 2 }, // HERE
    ];
    for (const { name, port } of machines) net.machine(name, { config: { services: { web: { port } } } });`,
  },
  {
    what: "entries of an object",
    option: port,
    program: `const machines = {
      db: { services: {} },
      web: { services: { web: { port: 2 } } }, // HERE
    };
    Object.entries(machines).forEach(([name, config]) => net.machine(name, { config }));`,
  },
  {
    what: "elements made by map",
    option: port,
    program: `[80].map((port) => ({ name: "web", port })).forEach((machine) => { // HERE
      net.machine(machine.name, { config: { services: { web: { port: machine.port } } } });
    });`,
  },
  {
    what: "lib.mkIf and its like",
    option: port,
    program: `net.machine("web", { config: lib.mkIf(true, { services: lib.mkForce({ web: {
      port: lib.mkDefault(80), // HERE
    } }) }) });`,
  },
  {
    what: "both definitions of lib.mkMerge",
    option: ["services", "web", "enable"],
    program: `const common = { services: { web: { enable: false } } }; // HERE
    net.machine("web", {
      config: lib.mkMerge([
        common,
        { networking: {} },
        { services: { web: { enable: true } } }, // HERE
      ]),
    });`,
  },
  {
    what: "lib.mkMerge of a list that is made",
    option: port,
    program: `const parts = [{ networking: {} }];
    const more = [{ services: { web: { port: 1 } } }]; // HERE
    net.machine("web", { config: lib.mkMerge([...parts, ...more]) });`,
  },
  {
    what: "op.merge, whose later part wins",
    option: port,
    program: `net.machine("web", { config: { services: { web: op.merge(
      { port: 1, enable: true },
      { port: 2 }, // HERE
    ) } } });`,
  },
  {
    what: "an element of a list",
    option: ["networking", "firewall", "allowedTCPPorts", 2],
    program: `const http = [
      80,
      443, // HERE
    ];
    net.machine("web", { config: { networking: { firewall: { allowedTCPPorts: [22, ...http] } } } });`,
  },
  {
    what: "an object that statements fill",
    option: port,
    program: `const config: any = { services: {} };
    config.networking = {};
    config.services.web = {
      port: 80, // HERE
    };
    net.machine("web", { config });`,
  },
  {
    what: "an expression",
    option: port,
    program: `net.machine("web", { config: { services: { web: {
      port: nix\`8000 + \${80}\`, // HERE
    } } } });`,
  },
  {
    what: "types that TypeScript takes away",
    option: port,
    program: `const config = { services: { web: {
      port: <number>(80 as number), // HERE
    } } } as const satisfies object;
    net.machine("web", { config: (config as any)! });`,
  },
  {
    what: "what nobody can tell: nothing instead of a wrong line",
    option: port,
    program: `const parse = (text: string): any => JSON.parse(text);
    const one = parse('{ "services": { "web": { "port": 80 } } }');
    const two = parse("{}");
    net.machine("web", { config: { ...one, ...two } });`,
  },
  {
    what: "what one place alone can have made: that place",
    option: port,
    program: `const parse = (text: string): any => JSON.parse(text);
    net.machine("web", { config: {
      networking: {},
      ...parse('{ "services": { "web": { "port": 80 } } }'), // HERE
    } });`,
  },
  {
    what: "several calls on a line",
    option: port,
    program: `const { web } = { web: 80 }; net.machine("db", { config: {} }); net.machine("web", { config: { services: { web: { port: web } } } }); // HERE`,
  },
];
