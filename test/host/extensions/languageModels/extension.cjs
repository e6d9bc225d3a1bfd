// A provider of language models for host tests. Its exports are a console: `script` says what a model answers, turn by
// turn, and `requests` what it was asked.
const { EventEmitter, LanguageModelTextPart, LanguageModelToolCallPart, LanguageModelError, lm } = require('vscode');

const VENDOR = 'countersign-test';
const CHARACTERS_PER_TOKEN = 4;

exports.activate = function activate(context) {
  const changed = new EventEmitter();
  const turns = new Map();
  const requests = [];
  const models = () => [...turns.keys()].map((id) => ({
    id,
    name: `Test model ${id}`,
    family: 'test',
    version: '1',
    maxInputTokens: 64_000,
    maxOutputTokens: 8_000,
    isUserSelectable: true,
    capabilities: { toolCalling: true },
  }));
  const provider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => models(),
    async provideLanguageModelChatResponse(model, messages, ...rest) {
      const [options, progress, token] = rest;
      requests.push({
        model: model.id,
        roles: messages.map(({ role }) => role),
        texts: messages.flatMap(({ content }) => content.flatMap((part) => (part instanceof LanguageModelTextPart ? [part.value] : []))),
        tools: (options.tools ?? []).map(({ name }) => name),
      });
      const answered = messages.filter(({ role }) => role === 2).length;
      const turn = turns.get(model.id)?.[answered];
      if (turn === undefined) throw new Error(`the script of ${model.id} has no turn ${answered + 1}`);
      if (turn.fails === 'NotFound' || turn.fails === 'NoPermissions' || turn.fails === 'Blocked') throw LanguageModelError[turn.fails](turn.text);
      for (const word of (turn.text ?? '').split(/(?<= )/)) progress.report(new LanguageModelTextPart(word));
      for (const [index, call] of (turn.calls ?? []).entries()) progress.report(new LanguageModelToolCallPart(`call_${answered}_${index}`, call.name, call.input));
      if (turn.hangs) await new Promise((resolve) => token.onCancellationRequested(resolve));
    },
    provideTokenCount: (_model, text) => Promise.resolve(Math.ceil((typeof text === 'string' ? text : JSON.stringify(text.content)).length / CHARACTERS_PER_TOKEN)),
  };
  context.subscriptions.push(changed, lm.registerLanguageModelChatProvider(VENDOR, provider));
  return {
    vendor: VENDOR,
    /** Makes a model, or changes what it says. */
    script(id, said) {
      turns.set(id, said);
      changed.fire();
    },
    remove(id) {
      turns.delete(id);
      changed.fire();
    },
    requests,
  };
};
