// The editor's settings as the desk and the views use them. A value that does not fit its description in the manifest
// is not used: the default is, and the person is told once. Asked at every use, so that a change counts from the next run on.
import { ConfigurationTarget, commands, window, workspace, type ConfigurationScope, type Disposable, type LogOutputChannel } from "vscode";
import type { DeskSettings } from "../core/desk/deskSettings";
import type { CommandPolicy } from "../core/policy/commandPolicy";
import type { NotificationAbout } from "../core/domain/event";
import { PHASES, ROLES, type Category, type Phase, type Role } from "../core/domain/task";
import { problemWith, settingRules, type SettingRule } from "./settingRules";

export type SettingTarget = "user" | "workspace";

export class Config {
  readonly #rules: ReadonlyMap<string, SettingRule>;
  /** What was said about which value, by setting. */
  readonly #told = new Map<string, string>();
  #untold: string[] = [];

  /** `manifest`: the extension's own package.json. */
  constructor(
    private readonly log: LogOutputChannel,
    manifest: unknown,
  ) {
    this.#rules = settingRules(manifest);
  }

  /** `scope`: the folder that the settings are for. */
  desk(scope?: ConfigurationScope): DeskSettings {
    const of = <T>(key: string): T => this.#value<T>(key, scope);
    return {
      maxConcurrentTasks: of("maxConcurrentTasks"),
      maxRetries: of("maxRetries"),
      passScore: of("passScore"),
      sealedChecks: of("sealedChecks"),
      dataVerification: of("dataVerification"),
      rerunChecks: of("rerunChecks"),
      revertProbe: of("revertProbe"),
      toolCalls: of("toolCalls"),
      phaseLimitsMs: record(PHASES, (phase: Phase) => of<number>(`phaseLimits.${phase}`) * 1000),
      maxOutputTokens: record(ROLES, (role: Role) => of<number>(`maxOutputTokens.${role}`)),
      budget: { taskUsd: of("budget.taskUsd"), warnAt: of("budget.warnAt"), dayAlertUsd: of("budget.dayAlertUsd"), dayUsd: of("budget.dayUsd") },
      setup: of("setupCommands"),
      sandbox: of("sandbox"),
      network: of("network"),
      plansFolder: of("plansFolder"),
      modelIdleMs: this.modelIdleMs,
      prices: this.prices,
    };
  }

  models(scope?: ConfigurationScope): Readonly<Record<Role, string>> {
    return record(ROLES, (role) => this.#value<string>(`models.${role}`, scope).trim());
  }

  /** The models of the manifest, whatever is set. */
  get defaultModels(): Readonly<Record<Role, string>> {
    return record(ROLES, (role) => String(this.#rules.get(`countersign.models.${role}`)?.default));
  }

  get baseUrl(): string {
    return this.#value("baseUrl");
  }

  get prices(): unknown {
    return this.#value("prices");
  }

  get modelIdleMs(): number {
    return this.#value<number>("modelIdleTimeout") * 1000;
  }

  /** The person's own: no workspace can set it. */
  get commandPolicy(): CommandPolicy {
    return { allow: this.#value("commandPolicy.allow"), deny: this.#value("commandPolicy.deny") };
  }

  get defaultCategory(): Category {
    return this.#value("defaultCategory");
  }

  get approvePlan(): boolean {
    return this.#value("approvePlan");
  }

  get resumeOnStartup(): "ask" | "always" | "never" {
    return this.#value("resumeOnStartup");
  }

  commitOnAccept(scope: ConfigurationScope): "never" | "ask" | "always" {
    return this.#value("commitOnAccept", scope);
  }

  notifies(about: NotificationAbout): boolean {
    return this.#value(`notifications.${about}`);
  }

  /** `key` without `countersign.`; undefined removes what was set there. */
  async set(key: string, value: unknown, target: SettingTarget): Promise<void> {
    await workspace.getConfiguration("countersign").update(key, value, target === "user" ? ConfigurationTarget.Global : ConfigurationTarget.Workspace);
  }

  /** Where a value is set that wins over the user's: a workspace can overrule some settings. */
  isSetInWorkspace(key: string): boolean {
    const found = workspace.getConfiguration("countersign").inspect(key);
    return found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
  }

  /** Calls back after a change of a setting that begins with `key` (without `countersign.`; "" for any). */
  onDidChange(key: string, listener: () => void): Disposable {
    const section = key === "" ? "countersign" : `countersign.${key}`;
    return workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) listener();
    });
  }

  /** Every key has a rule and a default in the manifest. */
  #value<T>(key: string, scope?: ConfigurationScope): T {
    const rule = this.#rules.get(`countersign.${key}`);
    const value = workspace.getConfiguration("countersign", scope ?? null).get<T>(key);
    const problem = rule === undefined ? null : problemWith(rule, value);
    if (problem === null) {
      this.#told.delete(key);
      return value as T;
    }
    this.#tell(key, problem, rule?.default);
    return rule?.default as T;
  }

  /** What is wrong at the same moment is told in one message. */
  #tell(key: string, problem: string, fallback: unknown): void {
    if (this.#told.get(key) === problem) return;
    this.#told.set(key, problem);
    const text = `countersign.${key} ${problem}; its default, ${JSON.stringify(fallback)}, is used.`;
    this.log.warn(text);
    this.#untold.push(text);
    if (this.#untold.length === 1) setTimeout(() => this.#showUntold(), 0);
  }

  #showUntold(): void {
    const [first = "", ...others] = this.#untold;
    this.#untold = [];
    const more = others.length === 0 ? "" : ` ${others.length} more ${others.length === 1 ? "setting is" : "settings are"} wrong; the log names them.`;
    window.showWarningMessage(`${first}${more}`, "Open Settings").then(
      (chosen) => (chosen === undefined ? undefined : commands.executeCommand("workbench.action.openSettings", `${OWN_SETTINGS} ${others.length === 0 ? (first.split(" ", 1)[0] ?? "") : ""}`.trim())),
      (error: unknown) => this.log.error(String(error)),
    );
  }
}

/** What the settings editor is asked for to show ours alone. */
export const OWN_SETTINGS = "@ext:countersign.countersign";

function record<K extends string, T>(keys: readonly K[], valueOf: (key: K) => T): Readonly<Record<K, T>> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, T>;
}
