//! The document around every page, and the choice of the page.

use crate::client::{Chat, memo, platform};
use crate::model::Route;
use crate::model::workspace::DEFAULT_NAME;
use crate::ui::navigation;
use crate::ui::pages::LazyPage;
use crate::ui::parts::live;
use crate::ui::sidebar::AppShell;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::Router;

/// The colours of the browser's own bars: that of the surface below them.
const LIGHT: &str = "#efeeeb";
const DARK: &str = "#0f0d0b";

/// What search engines and links to this site show of it, whatever the page: what a page has is for its users alone.
const DESCRIPTION: &str = "Team chat on our own server: rooms, direct messages, and nothing that leaves it.";

/// Loads the client and hydrates the page, or offers a reload.
const START: &str = include_str!("start.js");

/// The document that the server sends, whatever the page. `client` is the path of the folder with the client's files.
pub fn shell(client: &str) -> impl IntoView {
    let theme = platform::page::theme();
    let list = platform::page::list_preferences().text();
    let workspace = platform::page::workspace().unwrap_or_else(|| DEFAULT_NAME.to_owned());
    let bars = match theme.as_deref() {
        Some("light") => (LIGHT, LIGHT),
        Some("dark") => (DARK, DARK),
        _ => (LIGHT, DARK),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-list=Some(list).filter(|list| !list.is_empty())>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="application-name" content=workspace />
                <meta name="description" content=DESCRIPTION />
                {bar(bars.0, "(prefers-color-scheme: light)")}
                {bar(bars.1, "(prefers-color-scheme: dark)")}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon.svg" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=format!("{client}/hubbub.css") />
                // By its id the page finds out later whether the server still has its files.
                <link id="client" rel="modulepreload" href=format!("{client}/hubbub.js") />
                <link rel="modulepreload" href=format!("{client}/__wasm_split.js") />
                <link rel="preload" href=format!("{client}/hubbub.wasm") r#as="fetch" r#type="application/wasm" crossorigin="" />
                <script type="module" nonce=use_nonce()>
                    {format!("({START})({client:?})")}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The colour of the browser's own bars for one of the device's colour schemes.
fn bar(colour: &'static str, preference: &'static str) -> impl IntoView {
    leptos::html::meta().name("theme-color").content(colour).attr("media", preference)
}

/// Every page of Hubbub. The server sends each page whole and in reading order, so that it works without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let workspace = Chat::provide().workspace();
    // Effects run only once the page is hydrated.
    Effect::new(|_| platform::page::mark_hydrated());
    // A title outlives the page by a moment.
    let title = move |page: String| {
        let workspace = workspace.try_get().unwrap_or_else(|| DEFAULT_NAME.to_owned());
        let title = if page.is_empty() { workspace } else { format!("{page} · {workspace}") };
        platform::page::document_title(title)
    };
    view! {
        <Title formatter=title />
        <Router>
            <Page />
        </Router>
    }
}

/// The current page. The layout stays while pages change inside it.
#[component]
fn Page() -> impl IntoView {
    let route = navigation::current();
    navigation::init();
    let around = memo(move || match route.get() {
        alone @ (Route::SignIn | Route::Register) => alone,
        _ => Route::Front,
    });
    live(move || match around.get() {
        Route::SignIn => LazyPage::SignIn.show(),
        Route::Register => LazyPage::Register.show(),
        _ => view! { <AppShell route=route /> }.into_any(),
    })
}
