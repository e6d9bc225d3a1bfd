// Review Commands: every command that waits, with what it may touch and why it asks, and what was allowed in this
// workspace. It shows what joins while it is open, and decides nothing by itself.
import { QuickPickItemKind, ThemeIcon, window, type QuickInputButton, type QuickPickItem } from "vscode";
import type { PendingRequest } from "../../core/approvals/approvalQueue";
import { keyOf } from "../../core/approvals/keptApprovals";
import type { ApprovalStore, KeptApproval } from "../../core/ports/commandApproval";
import { pickOne, prepare, shown } from "../ask";
import type { Host } from "../host";
import { report } from "../run";
import { keptLine, offersFor, requestLine, type Offer } from "./approvalItems";

interface OfferButton extends QuickInputButton {
  readonly offer: Offer;
}

type Item = QuickPickItem & { readonly request?: PendingRequest; readonly kept?: Kept };

interface Kept {
  readonly store: ApprovalStore;
  readonly approval: KeptApproval;
}

const FORGET: QuickInputButton = { iconPath: new ThemeIcon("trash"), tooltip: "Ask Again From Now On" };

/** Returns when the person leaves, or when nothing waits any more. */
export async function reviewCommands(host: Host): Promise<void> {
  for (;;) {
    const picked = await pickRequest(host);
    if (picked.kind !== "picked") return;
    const { request } = picked;
    const offers = offersFor(request);
    const line = requestLine(request);
    const answer = await pickOne(
      offers.map((offer) => ({ label: `$(${offer.icon}) ${offer.label}`, detail: offer.detail, value: offer })),
      { title: line.label, placeholder: request.reason, canGoBack: true },
    );
    if (answer.kind === "left") return;
    if (answer.kind === "picked") host.approvals.answer(request.id, answer.value.answer);
    if (host.approvals.pending.length === 0) return;
  }
}

type PickedRequest = { readonly kind: "picked"; readonly request: PendingRequest } | { readonly kind: "left" } | { readonly kind: "done" };

async function pickRequest(host: Host): Promise<PickedRequest> {
  const picker = window.createQuickPick<Item>();
  prepare(picker, { title: "Commands That Wait for Your Approval", placeholder: "Without a sandbox a command may do whatever you may do" });
  const hadPending = host.approvals.pending.length > 0;
  let kept = await keptHere(host);
  const fill = (): void => {
    picker.items = itemsOf(host.approvals.pending, kept);
  };
  fill();
  return shown<PickedRequest>(picker, (answer) => [
    host.approvals.onChange(() => {
      if (hadPending && host.approvals.pending.length === 0) answer({ kind: "done" });
      else fill();
    }),
    picker.onDidAccept(() => {
      const request = picker.selectedItems[0]?.request;
      if (request !== undefined) answer({ kind: "picked", request });
    }),
    picker.onDidTriggerItemButton(({ item, button }) => {
      if (item.request !== undefined) host.approvals.answer(item.request.id, (button as OfferButton).offer.answer);
      if (item.kept === undefined) return;
      forget(host, item.kept)
        .then((left) => {
          kept = left;
          fill();
        })
        .catch((error: unknown) => report(host, error))
        .catch((error: unknown) => host.log.error(String(error)));
    }),
  ]);
}

async function forget(host: Host, { store, approval }: Kept): Promise<readonly Kept[]> {
  await store.forget(approval);
  return keptHere(host);
}

async function keptHere(host: Host): Promise<readonly Kept[]> {
  const stores = (await host.desks.all()).map(({ root }) => host.approvalsIn(root));
  const all = await Promise.all(stores.map(async (store) => (await store.all()).map((approval) => ({ store, approval }))));
  return all.flat();
}

function itemsOf(pending: readonly PendingRequest[], kept: readonly Kept[]): Item[] {
  const waiting = pending.map((request): Item => ({ ...requestLine(request), request, alwaysShow: true, buttons: offersFor(request).map(buttonOf) }));
  const allowed = kept.map((one): Item => ({ ...keptLine(one.approval), kept: one, buttons: [FORGET] }));
  const seen = new Set<string>();
  const unique = allowed.filter(({ kept: one }) => one !== undefined && !seen.has(keyOf(one.approval)) && seen.add(keyOf(one.approval)));
  return [
    ...(waiting.length === 0 ? [{ label: "Nothing waits for your approval", alwaysShow: true }] : waiting),
    ...(unique.length === 0 ? [] : [{ label: "Allowed by your answers", kind: QuickPickItemKind.Separator }, ...unique]),
  ];
}

function buttonOf(offer: Offer): OfferButton {
  return { iconPath: new ThemeIcon(offer.icon), tooltip: offer.label, offer };
}
