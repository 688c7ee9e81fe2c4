//! Hubbub: self-hosted team chat in one program.
//!
//! Imports run one way: `ui → client → sync → wire → model` in the browser and `server → wire, model` on the
//! server; `api` is the only door between the two sides. `docs/architecture.md` describes the parts.

// The nested types of the views go deeper than the compiler looks by default once it lays them out.
#![recursion_limit = "256"]

pub mod api;
pub mod model;
pub mod sync;
pub mod wire;

pub mod app;
pub mod client;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod server;

/// Loads the code of the page that the server rendered, where it is not in the main module.
///
/// # Errors
/// It could not be loaded. The page stays as it is: it works by links and forms.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn load() -> Result<(), wasm_bindgen::JsError> {
    Ok(ui::pages::load(client::platform::page::route()).await?)
}

/// Hydrates the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    client::start();
    leptos::mount::hydrate_body(app::App);
}
