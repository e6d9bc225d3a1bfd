// A model's id as people read it: of a recording its file, not the folders above it. Pure.

export function modelName(model: string): string {
  return model.startsWith("script:") ? `script:${model.slice(Math.max(model.lastIndexOf("/"), model.lastIndexOf("\\"), "script:".length - 1) + 1)}` : model;
}
