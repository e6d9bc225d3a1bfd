// The icons' font. Named in the styles, it would be fetched before the editor shows the page.

/** Until it is there, icons take their space and show nothing. */
export async function loadIconFont(): Promise<void> {
  // The extension puts the file's address here.
  const face = new FontFace("codicon", `url(${JSON.stringify("./codicon.ttf")})`);
  document.fonts.add(await face.load());
  document.documentElement.classList.add("has-icons");
}
