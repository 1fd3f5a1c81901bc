import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSlipwayFile } from "./parseSlipwayFile";
import type { SlipwayFile } from "./slipwayFile";

function valid(text: string): SlipwayFile {
  const result = parseSlipwayFile(text, "slipway.json");
  assert.equal(result.kind, "valid", JSON.stringify(result));
  return result.value;
}

/** Each problem as "line:column message". */
function problems(text: string): readonly string[] {
  const result = parseSlipwayFile(text, "slipway.json");
  assert.equal(result.kind, "invalid", `${text} was taken`);
  return result.problems.map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
}

describe("parseSlipwayFile", () => {
  describe("takes", () => {
    for (const [what, text] of [
      ["an empty file", ""],
      ["white space", " \r\n\t"],
      ["only comments", "// nothing yet\n/* here */\n"],
      ["an empty object", "{}"],
      ["a byte order mark alone", "\uFEFF"],
    ] as const) {
      it(`${what} as a file that says nothing`, () => {
        assert.deepEqual(valid(text), {});
      });
    }

    it("comments, trailing commas, CR LF and a byte order mark", () => {
      const text =
        '\uFEFF{ // why\r\n  "image": "node:20", /* and */\r\n  "run": { "ports": [3000, "8080:80",], },\r\n}\r\n';
      assert.deepEqual(valid(text), { image: "node:20", run: { ports: [3000, "8080:80"] } });
    });

    it("each field that the schema has", () => {
      const file = {
        $schema: "https://example.com/slipway.schema.json",
        build: {
          dockerfile: "a/Dockerfile",
          context: "a",
          target: "dev",
          platform: "linux/arm64/v8",
          args: { A: "1", b_2: 2, _C: true },
          labels: { "com.example.team": "a", n: 1 },
          tag: "registry.example.com:5000/team/app:dev",
          pull: "always",
          noCache: true,
          secrets: [
            { id: "npm", env: "NPM_TOKEN" },
            { id: ".npmrc", file: "~/.npmrc" },
          ],
          ssh: ["default", "git=~/.ssh/id_ed25519"],
          network: "host",
          extraHosts: { db: "10.0.0.5", "v6.example.com": "::1", host: "host-gateway" },
          cacheFrom: ["registry.example.com/app:cache"],
          cacheTo: ["inline"],
        },
        resources: [{ source: "tools", target: "/opt/tools", mode: "0755" }],
        run: {
          workspace: "copy",
          workspaceFolder: "/src",
          user: "host",
          env: { CI: "1" },
          envFile: [".env"],
          mounts: [
            "cache:/cache",
            "type=tmpfs,target=/tmp",
            { type: "bind", source: "~/.m2", target: "/m2", readOnly: true },
            { type: "tmpfs", target: "/dev/shm", size: "1g" },
          ],
          ports: ["53:53/udp"],
          network: "none",
          extraHosts: { db: "10.0.0.5" },
          cpus: 1.5,
          memory: "2g",
          pids: 100,
          gpus: "optional",
          init: true,
          privileged: false,
          capAdd: ["SYS_PTRACE"],
          capDrop: ["ALL"],
          securityOpt: ["no-new-privileges"],
          readOnlyRoot: true,
          labels: { a: 1 },
          entrypoint: ["/entry.sh"],
          keepWarm: "10m",
        },
        setup: ["npm ci", ["make", "deps"], { name: "x", command: "y", inputs: ["package*.json"], timeout: 60 }],
        tasks: {
          test: { command: ["npm", "test"], timeout: "10m", user: 1000, workingDirectory: "sub", interactive: true },
          lint: { command: "npm run lint" },
          all: {
            steps: [
              "make",
              ["make", "test"],
              {
                name: "x",
                command: "y",
                env: { A: 1 },
                user: "root",
                workingDirectory: "/tmp",
                timeout: "1h30m",
                continueOnError: true,
                pause: true,
              },
            ],
            env: { B: true },
            copyIn: [{ source: ".env.test", target: "/src/.env" }],
            copyOut: [{ source: "coverage", target: "coverage", onFailure: true, maxSize: "1g", maxEntries: 10 }],
          },
        },
      };
      assert.deepEqual(valid(JSON.stringify(file)), file);
    });
  });

  describe("names line, column and what is wrong for", () => {
    for (const [what, text, expected] of [
      ["an object that is not closed", '{\n  "image": "a"\n', ["3:1 not valid JSON: close brace expected"]],
      ["a missing value", '{"image": }', ["1:11 not valid JSON: value expected"]],
      ["a missing colon", '{"image" "x"}', ["1:10 not valid JSON: colon expected"]],
      ["a missing comma", '{"image": "x"\n "run": {}}', ["2:2 not valid JSON: comma expected"]],
      ["something after the end", "{}\n{}", ["2:1 not valid JSON: end of file expected"]],
      ["a comment that is not closed", "/* x", ["1:1 not valid JSON: unexpected end of comment"]],
      ["an unknown key", '{\n  "imgae": "node:20"\n}', ['2:3 "imgae" is not known here']],
      ["an unknown key in an object", '{"build":\n{"contxt": "."}}', ['2:2 "contxt" is not known here (in build)']],
      ["a file that is a list", "[]", ["1:1 the file must be an object"]],
      ["a file that is null", "\n null", ["2:2 the file must be an object"]],
      ["a wrong type", '{"image": 20}', ["1:11 image must be a string"]],
      ["an object that should be one", '{"build": ["x"]}', ["1:11 build must be an object"]],
      ["a list that should be one", '{"run": {"ports": 3000}}', ["1:19 run.ports must be an array"]],
      [
        "an empty text",
        '{"image": ""}',
        ['1:11 image: is not the name of an image. Write it in lower case, like "node:20".'],
      ],
      ["a bad platform", '{"build": {"platform": "x86"}}', ['1:24 build.platform: must look like "linux/amd64"']],
      [
        "an argument of none of the types",
        '{"build": {"args": {"A": []}}}',
        ["1:26 build.args.A has the wrong type: a string or a number or a boolean is expected"],
      ],
      [
        "a command of none of the types",
        '{"tasks": {"a": {"command": {}}}}',
        ["1:29 tasks.a.command has the wrong type: a string or an array is expected"],
      ],
      ["an empty command", '{"tasks": {"a": {"command": []}}}', ["1:29 tasks.a.command: must name a program"]],
      [
        "a word of a command that is no text",
        '{"tasks": {"a": {"command": ["b", 1]}}}',
        ["1:35 tasks.a.command.1 must be a string"],
      ],
      [
        "a key misspelt in one of two forms of a task",
        '{"tasks": {"a": {"steps": [{"command": "x", "nmae": "y"}]}}}',
        ['1:45 "nmae" is not known here (in tasks.a.steps.0)'],
      ],
      ["a task that is a number", '{"tasks": {"a": 5}}', ["1:17 tasks.a must be an object"]],
      ["a task without a name", '{"tasks": {"": {"command": "x"}}}', ['1:12 the name "" must not be empty']],
      ["a key that is there twice", '{"image": "a",\n\n "image": "b"}', ['3:2 "image" is there twice']],
      [
        "a key twice in a list's object",
        '{"tasks": {"a": {"steps": [{"command": "x", "command": "y"}]}}}',
        ['1:45 "command" is there twice'],
      ],
      ["build and image together", '{"build": {},\n "image": "a"}', ['2:2 give either "build" or "image", not both']],
      [
        "a port out of range",
        '{"run": {"ports": [1, 65536]}}',
        ['1:23 run.ports.1: "65536" is not a port: ports go from 1 to 65535.'],
      ],
      [
        "a port that is no whole number",
        '{"run": {"ports": [3.5]}}',
        ["1:20 run.ports.0 has the wrong type: a whole number or a string is expected"],
      ],
      [
        "a port of a wrong type",
        '{"run": {"ports": [null]}}',
        ["1:20 run.ports.0 has the wrong type: a number or a string is expected"],
      ],
      [
        "a name that no variable can have",
        '{"run": {"env": {"A": "x",\n "1B": "y"}}}',
        ['2:2 the name "1B" must be letters, digits and underscores, and not start with a digit'],
      ],
      [
        "a user that cannot be one",
        '{"run": {"user": "-1:x"}}',
        ['1:18 run.user: must be "host", the name or number of a user, or "user:group"'],
      ],
      [
        "a folder that is not absolute",
        '{"run": {"workspaceFolder": "src"}}',
        [
          "1:29 run.workspaceFolder: must be an absolute path in the container, such as /workspace, and none of the system's own",
        ],
      ],
      [
        "a label of Slipway's own",
        '{"build": {"labels": {"a": "b",\n "dev.slipway.kind": "task"}}}',
        [`2:2 the name "dev.slipway.kind" must not begin with dev.slipway: those labels are Slipway's own`],
      ],
      [
        "a label that the builders would take for another one",
        '{"build": {"labels": {"a=b": "c", "": "d", "a\\nb": "e"}}}',
        [
          '1:23 the name "a=b" must have no "=" and no control characters',
          '1:35 the name "" must not be empty',
          '1:44 the name "a\\nb" must have no "=" and no control characters',
        ],
      ],
      [
        "a label that is no text",
        '{"build": {"labels": {"a": null}}}',
        ["1:28 build.labels.a has the wrong type: a string or a number or a boolean is expected"],
      ],
      [
        "a name for the image that cannot be one",
        '{"build": {"tag": "My App"}}',
        ['1:19 build.tag: is not a name for an image. Write it in lower case and without a digest, like "my-app:dev".'],
      ],
      [
        "a digest as a name",
        `{"build": {"tag": "app@sha256:${"0".repeat(64)}"}}`,
        ['1:19 build.tag: is not a name for an image. Write it in lower case and without a digest, like "my-app:dev".'],
      ],
      ...["slipway/app", "localhost/slipway/app-0123456789ab:dev"].map(
        (name) =>
          [
            `${name}, which may be another image of Slipway's`,
            `{"build": {"tag": "${name}"}}`,
            [
              "1:19 build.tag: is one of the names that Slipway gives images itself. Write one that does not begin with slipway/.",
            ],
          ] as const,
      ),
      [
        "another word for when to pull",
        '{"build": {"pull": "newer"}}',
        ['1:20 build.pull: must be "missing", "always" or "never"'],
      ],
      ["a switch that is none", '{"build": {"noCache": "yes"}}', ["1:23 build.noCache must be a boolean"]],
      [
        "a network that is none",
        '{"build": {"network": "--host"}}',
        ['1:23 build.network: must be "default", "none", "host" or the name of a network'],
      ],
      [
        "hosts without a name or an address",
        '{"build": {"extraHosts": {"a b": "10.0.0.1",\n "c": "localhost"}}}',
        [
          '1:27 the name "a b" must be the name of a host: letters, digits, dots and hyphens',
          '2:7 build.extraHosts.c: must be an IP address, such as 10.0.0.5, or "host-gateway" for this machine',
        ],
      ],
      [
        "secrets with no source or with two",
        '{"build": {"secrets": [{"id": "a"},\n {"id": "b", "env": "B", "file": "b"}]}}',
        [
          '1:24 build.secrets.0: must have either "env" or "file"',
          '2:2 build.secrets.1: must have either "env" or "file"',
        ],
      ],
      [
        "secrets of the same ID",
        '{"build": {"secrets": [{"id": "a", "env": "A"},\n {"id": "a", "file": "a"}]}}',
        ['2:2 build.secrets.1: the ID "a" is there twice'],
      ],
      [
        "secrets that no Dockerfile can name, or none that is the user's",
        '{"build": {"secrets": [{"id": "a,b", "env": "A"},\n {"id": "..", "env": "A"},\n {"id": "slipway-ca", "env": "A"}]}}',
        [
          "1:31 build.secrets.0.id: must be letters, digits, dots, hyphens and underscores",
          "2:9 build.secrets.1.id: must be letters, digits, dots, hyphens and underscores",
          "3:9 build.secrets.2.id: is Slipway's own ID for certificates. Choose another one.",
        ],
      ],
      [
        "a secret whose value is in the file",
        '{"build": {"secrets": [{"id": "a", "value": "s3cret"}]}}',
        [
          '1:24 build.secrets.0: must have either "env" or "file"',
          '1:36 "value" is not known here (in build.secrets.0)',
        ],
      ],
      [
        "a variable that is none",
        '{"build": {"secrets": [{"id": "a", "env": "A=s3cret"}]}}',
        ["1:43 build.secrets.0.env: must be the name of an environment variable"],
      ],
      [
        "keys without a path, and of the same ID",
        '{"build": {"ssh": ["default=", "git",\n "git=a"]}}',
        [
          '1:20 build.ssh.0: must be "default", or an ID with the path of a key or of an agent\'s socket, such as "default=~/.ssh/id_ed25519"',
          '2:2 build.ssh.2: the ID "git" is there twice',
        ],
      ],
      [
        "caches that are no images",
        '{"build": {"cacheFrom": ["type=local,src=a"],\n "cacheTo": ["type=gha"]}}',
        [
          '1:26 build.cacheFrom.0: is not the name of an image, which is where engines take cached layers from. Write it like "registry.example.com/app:cache".',
          '2:14 build.cacheTo.0: must be "inline", or the name of an image, like "registry.example.com/app-cache"',
        ],
      ],
      [
        "durations that are none",
        '{"run": {"keepWarm": "soon"},\n "tasks": {"a": {"command": "x", "timeout": "1m2h"},\n "b": {"command": "x", "timeout": 0},\n "c": {"command": "x", "timeout": "25d"}}}',
        [
          '1:22 run.keepWarm: "soon" is not a duration. Write "90s", "10m", "1h30m" or a number of seconds.',
          '2:45 tasks.a.timeout: "1m2h" is not a duration. Write "90s", "10m", "1h30m" or a number of seconds.',
          "3:35 tasks.b.timeout: 0 leaves no time. Leave it out where there is to be no limit.",
          '4:35 tasks.c.timeout: "25d" is too long: 24d is the most.',
        ],
      ],
      [
        "limits that are none",
        '{"run": {"memory": "2x",\n "cpus": 0,\n "pids": 0.5}}',
        [
          '1:20 run.memory: "2x" is not a size. Write "512m", "2g" or a number of bytes.',
          "2:10 run.cpus: must be 0.01 or more",
          "3:10 run.pids must be a whole number",
        ],
      ],
      [
        "too little memory",
        '{"run": {"memory": "1m"}}',
        ['1:20 run.memory: "1m" is too little for a container: 6m is the least.'],
      ],
      [
        "words that are none of the known ones",
        '{"run": {"workspace": "mount",\n "gpus": true}}',
        ['1:23 run.workspace: must be "bind", "copy" or "none"', '2:10 run.gpus: must be "optional" or "required"'],
      ],
      [
        "mounts that cannot be read",
        '{"run": {"mounts": ["data",\n "./a:/a:exec",\n {"type": "bind", "target": "/b"},\n {"type": "nfs", "target": "/c"},\n "type=bind,source=a,target=/etc",\n {"type": "volume", "source": "./x", "target": "/d"},\n {"type": "tmpfs", "target": "/e", "sourc": "x"},\n 5]}}',
        [
          '1:21 run.mounts.0: "data" is not a mount. Write "./data:/data", "cache:/cache:ro" or "type=bind,source=data,target=/data".',
          '2:2 run.mounts.1: "exec" is not known in a mount: after the target come ro, z or Z, if anything.',
          "3:2 run.mounts.2: a mount of type bind must have a source: a path of this machine",
          '4:11 run.mounts.3.type: must be "bind", "volume" or "tmpfs"',
          '5:2 run.mounts.4: the target "/etc" must be an absolute path in the container, such as /data, and none of the system\'s own',
          "6:2 run.mounts.5: a mount of type volume must have the name of a volume as its source: two or more letters, digits, dots, hyphens and underscores",
          '7:36 "sourc" is not known here (in run.mounts.6)',
          "8:2 run.mounts.7 has the wrong type: a string or an object is expected",
        ],
      ],
      [
        "mounts at one place, or at the workspace's",
        '{"run": {"workspaceFolder": "/w/", "mounts": ["cache:/a/",\n "./x:/b/../a",\n "other:/w"]}}',
        [
          "2:2 run.mounts.1: the target /a is there twice",
          "3:2 run.mounts.2: the workspace is at /w itself: choose another target or run.workspaceFolder",
        ],
      ],
      [
        "resources that would not be seen, or at one place",
        '{"resources": [{"source": "a", "target": "/workspace/a"},\n {"source": "b", "target": "/opt/b"},\n {"source": "c", "target": "/opt//b/"},\n {"source": "d", "target": "/cache/d"}],\n "run": {"mounts": ["cache:/cache"]}}',
        [
          "1:42 resources.0.target: /workspace/a would not be seen: what is mounted at /workspace covers it",
          "3:28 resources.2.target: the target /opt/b is there twice",
          "4:28 resources.3.target: /cache/d would not be seen: what is mounted at /cache covers it",
        ],
      ],
      [
        "resources that go nowhere, or with permissions that are none",
        '{"resources": [{"source": "", "target": "opt"},\n {"source": "a", "target": "/dev/x", "mode": "rwx"}, {"target": "/a"}]}',
        [
          "1:27 resources.0.source: must not be empty",
          "1:41 resources.0.target: must be an absolute path in the container, such as /opt/tools, and neither / nor the kernel's",
          "2:28 resources.1.target: must be an absolute path in the container, such as /opt/tools, and neither / nor the kernel's",
          '2:46 resources.1.mode: must be permissions in octal digits, such as "0755"',
          "2:54 resources.2.source must be a string",
        ],
      ],
      [
        "capabilities, options and files that cannot be",
        '{"run": {"capAdd": ["sys ptrace"],\n "securityOpt": ["seccomp=profile.json"],\n "envFile": [""],\n "labels": {"dev.slipway.x": 1},\n "entrypoint": []}}',
        [
          '1:21 run.capAdd.0: must be the name of a capability, such as "SYS_PTRACE", or "ALL"',
          '2:18 run.securityOpt.0: must be "seccomp=unconfined": profiles in files are read by the docker CLI, not by engines',
          "3:14 run.envFile.0: must not be empty",
          '4:13 the name "dev.slipway.x" must not begin with dev.slipway: those labels are Slipway\'s own',
          "5:16 run.entrypoint: must name a program",
        ],
      ],
      [
        "a task with nothing or two things to run",
        '{"tasks": {"a": {},\n "b": {"command": "x", "steps": ["y"]},\n "c": {"steps": []}}}',
        [
          '1:17 tasks.a: must have either "command" or "steps"',
          '2:7 tasks.b: must have either "command" or "steps"',
          "3:17 tasks.c.steps: must have a step",
        ],
      ],
      [
        "steps that are none",
        '{"tasks": {"a": {"steps": [{"name": "one", "command": "x"}, [""],\n {"name": "one", "command": "y"},\n {"name": "b\\n", "command": "z", "workingDirectory": ""}, 5]}}}',
        [
          "1:61 tasks.a.steps.1: must name a program",
          "3:11 tasks.a.steps.3.name: must have no control characters",
          "3:54 tasks.a.steps.3.workingDirectory: must not be empty",
          "3:59 tasks.a.steps.4 has the wrong type: a string or an array or an object is expected",
        ],
      ],
      [
        "steps of one name",
        '{"setup": [{"name": "one", "command": "x"},\n {"name": "one", "command": "y"}],\n "tasks": {"a": {"steps": [{"name": "one", "command": "x"},\n {"name": "one", "command": "y"}]}}}',
        [
          '2:11 setup.1.name: the name "one" is there twice',
          '4:11 tasks.a.steps.1.name: the name "one" is there twice',
        ],
      ],
      [
        "set-up that cannot be",
        '{"setup": ["",\n {"command": ["npm", "ci"], "inputs": ["../x"]},\n {"command": "x", "inputs": []},\n {"command": "x", "inputs": ["[a"]},\n {"command": "x", "pause": true}]}',
        [
          "1:12 setup.0: must not be empty",
          '2:40 setup.1.inputs.0: must be a path in this folder, relative to it and with "/"',
          "3:29 setup.2.inputs: must have a pattern, or be left out",
          "4:30 setup.3.inputs.0: is not a pattern: a character class is malformed or not closed",
          '5:19 "pause" is not known here (in setup.4)',
        ],
      ],
      [
        "copies that lead out of the folder, or nowhere",
        '{"tasks": {"a": {"command": "x", "copyIn": [{"source": "/etc/passwd", "target": "/proc/x"}],\n "copyOut": [{"source": "out", "target": "../out"},\n {"source": "out", "target": "C:/out", "maxSize": "x"}]}}}',
        [
          '1:56 tasks.a.copyIn.0.source: must be a path in this folder, relative to it and with "/"',
          "1:81 tasks.a.copyIn.0.target: must be a path in the container, absolute or relative to run.workspaceFolder, and neither / nor the kernel's",
          '2:42 tasks.a.copyOut.0.target: must be a path in this folder, relative to it and with "/"',
          '3:30 tasks.a.copyOut.1.target: must be a path in this folder, relative to it and with "/"',
          '3:51 tasks.a.copyOut.1.maxSize: "x" is not a size. Write "512m", "2g" or a number of bytes.',
        ],
      ],
      [
        "what belongs to a later version",
        '{"target": "local",\n "targets": {}}',
        ['1:2 "target" is not known here', '2:2 "targets" is not known here'],
      ],
    ] as const) {
      it(what, () => {
        assert.deepEqual(problems(text), expected);
      });
    }

    it("an odd name that JavaScript treats specially, wherever it is", () => {
      assert.deepEqual(problems('{"__proto__": {"image": "x"}}'), ['1:2 "__proto__" cannot be a name']);
      assert.deepEqual(problems('{"build": {"args": {"__proto__": "x"}}}'), ['1:21 "__proto__" cannot be a name']);
      assert.deepEqual(problems('{"tasks": {"__proto__": {"command": "x"}}}'), ['1:12 "__proto__" cannot be a name']);
      assert.deepEqual(valid('{"tasks": {"constructor": {"command": "x"}}}').tasks, { constructor: { command: "x" } });
    });

    it("a port in words, with the forms that are possible", () => {
      assert.match(
        problems('{"run": {"ports": ["http"]}}')[0] ?? "",
        /^1:20 run\.ports\.0: "http" is not a port\. Write 3000/,
      );
    });

    it("every mistake at once, in the order of the file", () => {
      const text = '{\n "x": 1,\n "run": { "env": { "1": "" },\n  "ports": ["y"] },\n "image": 1,\n "x": 2\n}';
      assert.deepEqual(
        problems(text).map((problem) => problem.split(" ")[0]),
        ["2:2", "3:20", "4:13", "5:11", "6:2"],
      );
    });

    it("lines that end in CR LF or CR as editors count them", () => {
      assert.deepEqual(problems('{\r\n "x": 1}'), ['2:2 "x" is not known here']);
      assert.deepEqual(problems('{\r "x": 1}'), ['2:2 "x" is not known here']);
    });

    it("columns after a byte order mark as editors count them", () => {
      assert.deepEqual(problems('\uFEFF{"x": 1}'), ['1:2 "x" is not known here']);
    });

    it("columns in UTF-16 units, as editors count them", () => {
      assert.deepEqual(problems('{"image": /* 😀 */ 1}'), ["1:20 image must be a string"]);
    });

    it("the file under the name that it was given", () => {
      const result = parseSlipwayFile("[]", "sub/slipway.json");
      assert.equal(result.kind === "invalid" && result.problems[0]?.path, "sub/slipway.json");
    });
  });

  it("refuses a file that is nested too deeply instead of failing on it", () => {
    for (const text of ["[".repeat(50_000), '{"a":'.repeat(50_000), "[".repeat(50_000) + "]".repeat(50_000)]) {
      assert.deepEqual(problems(text), ["1:1 nested too deeply to be read"]);
    }
  });

  it("never throws, whatever the text, and places every problem inside it", () => {
    const structural = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"',
      '"build"',
      '"image"',
      '"tasks"',
      "1",
      "//",
      "/*",
      "\n",
    );
    const pieces = fc.array(fc.oneof(structural, fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 30 });
    const text = fc.oneof(
      pieces.map((parts) => parts.join("")),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (content) => {
        const result = parseSlipwayFile(content, "slipway.json");
        const lines = content.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
        for (const { line, column, message } of result.kind === "invalid" ? result.problems : []) {
          const length = lines[line - 1]?.length;
          assert.ok(length !== undefined && column >= 1 && column <= length + 1, `${String(line)}:${String(column)}`);
          assert.notEqual(message, "");
        }
        assert.ok(result.kind === "valid" || result.problems.length > 0, "an invalid file has a problem");
      }),
    );
  });
});
