async (folder) => {
  // A conversation begins at what is new, also while the client is loading.
  document.querySelector(".new")?.parentElement.scrollIntoView();
  // What differs from it once the client is there, the reader has scrolled.
  const pane = document.querySelector(".timeline");
  if (pane) pane.dataset.start = Math.round(pane.scrollTop);
  let client;
  try {
    client = await import(`${folder}/hubbub.js`);
    await client.default({ module_or_path: `${folder}/hubbub.wasm` });
    await client.load();
  } catch (error) {
    // The connection broke, or the server has been replaced since it sent this page.
    console.error(error);
    const banner = document.createElement("div");
    banner.className = "broken";
    banner.setAttribute("role", "alert");
    const button = document.createElement("button");
    button.className = "button s";
    button.textContent = "Reload";
    button.onclick = () => location.reload();
    banner.append("This page could not be loaded completely. ", button);
    document.body.append(banner);
    return;
  }
  client.hydrate();
}
