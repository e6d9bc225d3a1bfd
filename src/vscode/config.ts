// The editor's settings as the desk and the views use them. A value that no longer fits its description falls back to
// the default, and the log says so.
import { workspace, type ConfigurationScope, type LogOutputChannel } from "vscode";
import type { DeskSettings } from "../core/desk/deskSettings";
import { PHASES, ROLES, type Category, type Phase, type Role } from "../core/domain/task";
import type { NotificationAbout } from "../core/domain/event";

export class Config {
  constructor(private readonly log: LogOutputChannel) {}

  desk(scope?: ConfigurationScope): DeskSettings {
    const of = <T>(key: string): T => this.#value<T>(key, scope);
    return {
      maxConcurrentTasks: of("maxConcurrentTasks"),
      maxRetries: of("maxRetries"),
      passScore: of("passScore"),
      toolCalls: of("toolCalls"),
      phaseLimitsMs: record(PHASES, (phase: Phase) => of<number>(`phaseLimits.${phase}`) * 1000),
      maxOutputTokens: record(ROLES, (role: Role) => of<number>(`maxOutputTokens.${role}`)),
      budget: { taskUsd: of("budget.taskUsd"), warnAt: of("budget.warnAt"), dayAlertUsd: of("budget.dayAlertUsd"), dayUsd: of("budget.dayUsd") },
      setup: of("setupCommands"),
      plansFolder: of("plansFolder"),
      modelIdleMs: of<number>("modelIdleTimeout") * 1000,
      prices: of("prices"),
    };
  }

  models(scope?: ConfigurationScope): Readonly<Record<Role, string>> {
    return record(ROLES, (role) => this.#value<string>(`models.${role}`, scope));
  }

  get baseUrl(): string {
    return this.#value("baseUrl");
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

  /** Every key has a default in the manifest, so a value is always there; one of a wrong type is not used. */
  #value<T>(key: string, scope?: ConfigurationScope): T {
    const settings = workspace.getConfiguration("countersign", scope ?? null);
    const value = settings.get<T>(key);
    const fallback = settings.inspect<T>(key)?.defaultValue;
    if (value !== undefined && (fallback === undefined || fallback === null || value === null || typeof value === typeof fallback)) return value;
    this.log.warn(`countersign.${key} has a value that cannot be used; the default is.`);
    return fallback as T;
  }
}

function record<K extends string, T>(keys: readonly K[], valueOf: (key: K) => T): Readonly<Record<K, T>> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, T>;
}
