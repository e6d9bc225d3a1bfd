import { strict as assert } from "node:assert";
import { allowedHosts, hostsIn, isAllowed, withoutCredentials } from "../../src/adapters/sandbox/allowedHosts";
import { bubblewrapArguments, couldNotExecute, exitCodeIn } from "../../src/adapters/sandbox/bubblewrap";
import type { Mount } from "../../src/adapters/sandbox/mountPlan";
import { packageVariables } from "../../src/adapters/sandbox/packageCaches";
import { noProxyVariables, proxyVariables } from "../../src/adapters/sandbox/proxyVariables";
import { whyMissing, type Machine } from "../../src/adapters/sandbox/remedies";
import { lookForSandbox } from "../../src/adapters/sandbox/sandboxHere";
import { seatbeltProfile } from "../../src/adapters/sandbox/seatbelt";
import { checkoutOf, isWithin, type Territory } from "../../src/adapters/sandbox/territory";

const MOUNTS: readonly Mount[] = [
  { kind: "empty", at: "/tmp", writable: true },
  { kind: "empty", at: "/home/u/.ssh", writable: false },
  { kind: "nothing", at: '/home/u/a "b".key' },
  { kind: "writable", at: "/home/u/ä b", from: "/home/u/ä b" },
  { kind: "readable", at: "/home/u/ä b/.git", from: "/home/u/ä b/.git" },
];

describe("bubblewrapArguments", () => {
  const args = bubblewrapArguments({ mounts: MOUNTS, emptyFile: "/cache/empty", inside: { MARK: "x y" }, cwd: "/home/u/ä b", argv: ["node", "-e", "1"] });

  it("keeps the order of the mounts, and makes hidden folders read-only once all mount points are there", () => {
    assert.deepEqual(args.slice(0, 25).join("|").split("--tmpfs")[0], "--ro-bind|/|/|--proc|/proc|--dev|/dev|");
    const text = args.join(" ");
    assert.ok(text.indexOf("--bind /home/u/ä b /home/u/ä b") < text.indexOf("--ro-bind /home/u/ä b/.git"));
    assert.ok(text.indexOf("--ro-bind /home/u/ä b/.git") < text.indexOf("--remount-ro /home/u/.ssh"));
    assert.ok(!text.includes("--remount-ro /tmp"));
  });

  it("takes namespaces and privileges away, and ends with the command as it is", () => {
    for (const option of ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--new-session"]) assert.ok(args.includes(option), option);
    assert.match(args.join(" "), /--cap-drop ALL .*--setenv MARK x y --chdir \/home\/u\/ä b -- node -e 1$/);
  });
});

describe("exitCodeIn", () => {
  it("finds the code where the command was run, and none where it was not", () => {
    assert.equal(exitCodeIn('{ "child-pid": 12, "pid-namespace": 4 }\n{ "exit-code": 0 }\n'), 0);
    assert.equal(exitCodeIn('{ "child-pid": 12 }\n'), null);
    assert.ok(couldNotExecute("some output\nbwrap: execvp ./x: No such file or directory\n"));
    assert.ok(!couldNotExecute("bwrap: Can't bind mount\n"));
  });
});

describe("seatbeltProfile", () => {
  it("denies the network and all writing, then says what is allowed, in the order of the mounts", () => {
    const profile = seatbeltProfile({ mounts: MOUNTS, temporary: "/private/t", proxyPort: null }).split("\n");
    const at = (line: string): number => profile.indexOf(line);
    for (const line of ["(version 1)", "(allow default)", "(deny network*)", "(deny file-write*)"]) assert.ok(at(line) >= 0, line);
    assert.ok(at("(deny file-write*)") < at('(allow file-read* file-write* (subpath "/home/u/ä b"))'));
    assert.ok(at('(allow file-read* file-write* (subpath "/home/u/ä b"))') < at('(allow file-read* (subpath "/home/u/ä b/.git")) (deny file-write* (subpath "/home/u/ä b/.git"))'));
    assert.ok(at('(deny file-read-data file-read-xattr file-write* (subpath "/home/u/a \\"b\\".key"))') > 0);
    assert.ok(!profile.some((line) => line.startsWith("(allow network")));
    assert.equal(profile.at(-2), '(allow file-read* file-write* (subpath "/private/t"))');
  });

  it("opens the port of the gate alone", () => {
    const profile = seatbeltProfile({ mounts: [], temporary: "/t", proxyPort: 4711 });
    assert.deepEqual(profile.match(/\(allow network[^\n]*/g), ['(allow network-outbound (remote ip "localhost:4711"))']);
  });
});

describe("whyMissing", () => {
  const machine = (change: Partial<Machine>): Machine => ({ platform: "linux", distribution: "ubuntu debian", isInstalled: true, complaint: "No permissions to create new namespace", switches: {}, isContainer: false, ...change });

  it("names the package of the distribution", () => {
    for (const [distribution, command] of [
      ["ubuntu debian", "sudo apt-get install -y bubblewrap"],
      ["debian", "sudo apt-get install -y bubblewrap"],
      ["fedora", "sudo dnf install -y bubblewrap"],
      ["opensuse-tumbleweed opensuse suse", "sudo zypper install -y bubblewrap"],
      ["manjaro arch", "sudo pacman -S --needed bubblewrap"],
      ["alpine", "sudo apk add bubblewrap"],
    ] as const)
      assert.deepEqual(whyMissing(machine({ isInstalled: false, distribution })), { kind: "missing", why: "bubblewrap is not installed.", install: [command] });
    assert.deepEqual(whyMissing(machine({ isInstalled: false, distribution: "own" })).install, []);
  });

  it("names the switch of the kernel that forbids it", () => {
    assert.match(whyMissing(machine({ switches: { apparmor: 1 } })).install.join("\n"), /profile bwrap[^]*apparmor_parser/);
    assert.match(whyMissing(machine({ switches: { userNamespaces: 0 } })).why, /max_user_namespaces/);
    assert.match(whyMissing(machine({ switches: { unprivileged: 0 } })).install.join("\n"), /unprivileged_userns_clone=1/);
    assert.match(whyMissing(machine({ switches: { apparmor: 0, userNamespaces: 15000 } })).why, /No permissions to create new namespace/);
  });

  it("knows containers, and platforms that have none", () => {
    assert.match(whyMissing(machine({ isContainer: true })).why, /container[^]*seccomp=unconfined/);
    assert.match(whyMissing(machine({ platform: "win32" })).why, /WSL 2/);
    assert.match(whyMissing(machine({ platform: "darwin" })).why, /sandbox-exec/);
    assert.match(whyMissing(machine({ platform: "freebsd" })).why, /freebsd/);
  });
});

describe("lookForSandbox", () => {
  it("says so where there is no program", async () => {
    const { protection } = await lookForSandbox("linux", "/nowhere");
    assert.equal(protection.kind === "missing" && protection.why, "bubblewrap is not installed.");
    assert.equal((await lookForSandbox("win32", "")).protection.kind, "missing");
  });
});

describe("isAllowed", () => {
  const hosts = ["example.org", "*.pkg.example", "localhost:4873"];

  it("takes names as a whole, domains by their dot, and ports as they are", () => {
    for (const [host, port] of [["example.org", 443], ["EXAMPLE.org.", 80], ["a.pkg.example", 443], ["a.b.pkg.example", 443], ["localhost", 4873]] as const) assert.ok(isAllowed(hosts, host, port), `${host}:${port}`);
    for (const [host, port] of [["evil-example.org", 443], ["example.org.evil", 443], ["a.example.org", 443], ["pkg.example", 443], ["evilpkg.example", 443], ["example.org", 22], ["localhost", 80], ["", 443]] as const)
      assert.ok(!isAllowed(hosts, host, port), `${host}:${port}`);
  });
});

describe("allowedHosts", () => {
  it("gives set-up the registries besides, agents what is listed, checks nothing", () => {
    assert.ok(allowedHosts(undefined, "setup", ["own.example"])?.includes("own.example"));
    assert.ok(allowedHosts(["x.example"], "setup", [])?.includes("pypi.org"));
    assert.deepEqual(allowedHosts(["X.example"], "agent", ["own.example"]), ["x.example"]);
    assert.ok(allowedHosts(["registries"], "agent", ["own.example"])?.includes("own.example"));
    assert.equal(allowedHosts(undefined, "agent", []), null);
    assert.equal(allowedHosts(["x.example", "registries"], "check", []), null);
  });

  it("gives nobody anything when it is off", () => {
    for (const purpose of ["agent", "check", "setup"] as const) assert.deepEqual([allowedHosts("off", purpose, []), allowedHosts(["x", "off"], purpose, [])], [null, null]);
  });
});

describe("packageVariables", () => {
  it("lets set-up fill the stores, and the others see those that are filled", () => {
    assert.equal(packageVariables("/p", "setup", "/tmp", () => false)["CARGO_HOME"], "/p/cargo");
    assert.equal(packageVariables("/p", "check", "/tmp", () => false)["CARGO_HOME"], undefined);
    assert.equal(packageVariables("/p", "check", "/tmp", (folder) => folder === "/p/cargo")["CARGO_HOME"], "/p/cargo");
    assert.equal(packageVariables("/p", "agent", "/tmp", () => true)["npm_config_cache"], "/tmp/npm");
  });

  it("does so for Maven and Gradle, which have ways of their own", () => {
    const javas = (purpose: "setup" | "check", packages: string, has: boolean): readonly (string | undefined)[] => {
      const variables = packageVariables(packages, purpose, "/tmp", () => has);
      return ["MAVEN_OPTS", "GRADLE_USER_HOME", "GRADLE_RO_DEP_CACHE"].map((name) => variables[name]);
    };
    assert.deepEqual(javas("setup", "/p", false), ["-Dmaven.repo.local=/p/maven", "/p/gradle", undefined]);
    assert.deepEqual(javas("check", "/p", true), ["-Dmaven.repo.local=/p/maven", "/tmp/gradle", "/p/gradle/caches"]);
    assert.deepEqual(javas("check", "/p", false), [undefined, "/tmp/gradle", undefined]);
    assert.deepEqual(javas("setup", "/p q", false), [undefined, "/p q/gradle", undefined]);
  });
});

describe("withoutCredentials", () => {
  it("keeps what is no secret", () => {
    assert.equal(withoutCredentials("registry=https://u:p@r.example/\n//r.example/:_authToken=x\n_auth=x\nfund=false\nkey = x\nindex-url = https://t@i.example/simple"), "registry=https://r.example/\nfund=false\nindex-url = https://i.example/simple");
    assert.deepEqual(hostsIn("a=https://u:p@r.example/x\nb=http://l.example:81,c"), ["r.example", "l.example:81"]);
  });
});

describe("noProxyVariables", () => {
  it("keeps servers of the command's own off the proxy, but not those that are listed", () => {
    assert.equal(noProxyVariables([])["NO_PROXY"], "localhost,127.0.0.1,[::1]");
    assert.equal(noProxyVariables(["localhost:4873"])["NO_PROXY"], "127.0.0.1,[::1]");
  });
});

describe("proxyVariables", () => {
  it("tells every package manager, those in Java in their own way", () => {
    const variables = proxyVariables("http://127.0.0.1:4711", "localhost,[::1]");
    for (const name of ["HTTP_PROXY", "https_proxy", "ALL_PROXY", "npm_config_https_proxy", "YARN_HTTPS_PROXY"]) assert.equal(variables[name], "http://127.0.0.1:4711");
    assert.equal(
      variables["JAVA_TOOL_OPTIONS"],
      "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4711 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4711 -Dhttp.nonProxyHosts=localhost|[::1] -Daether.connector.http.useSystemProperties=true",
    );
  });
});

describe("checkoutOf", () => {
  const territory = { checkoutsIn: ["/c/worktrees/k", "/c/rooms/k"] } as unknown as Territory;

  it("finds the checkout around a folder", () => {
    assert.equal(checkoutOf(territory, "/c/rooms/k/a/b/c"), "/c/rooms/k/a");
    assert.equal(checkoutOf(territory, "/c/worktrees/k/a"), "/c/worktrees/k/a");
    assert.equal(checkoutOf(territory, "/c/worktrees/k"), "/c/worktrees/k");
    assert.equal(checkoutOf(territory, "/elsewhere"), "/elsewhere");
    assert.deepEqual([isWithin("/a", "/a"), isWithin("/a", "/ab"), isWithin("/a", "/a/..b"), isWithin("/a", "/")], [true, false, true, false]);
  });
});
