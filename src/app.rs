//! The document around every page, and which page stands where.

use crate::client::{Chat, memo, platform};
use crate::model::Route;
use crate::ui::navigation;
use crate::ui::pages::{RegisterPage, SignInPage};
use crate::ui::parts::live;
use crate::ui::sidebar::Frame;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::Router;

/// The browser's own bars take the colour of the surface below them.
const LIGHT: &str = "#efeeeb";
const DARK: &str = "#0f0d0b";

/// The document that the server sends, whatever the page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = platform::page::theme();
    let bars = match theme.as_deref() {
        Some("light") => (LIGHT, LIGHT),
        Some("dark") => (DARK, DARK),
        _ => (LIGHT, DARK),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                {bar(bars.0, "(prefers-color-scheme: light)")}
                {bar(bars.1, "(prefers-color-scheme: dark)")}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon.svg" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href="/pkg/hubbub.css" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The colour of the browser's own bars under a preference of the device.
fn bar(colour: &'static str, preference: &'static str) -> impl IntoView {
    leptos::html::meta().name("theme-color").content(colour).attr("media", preference)
}

/// Every page of Hubbub. Pages come in one piece and in reading order, so that they serve people without scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Chat::provide();
    // Effects run once what the server rendered has come alive.
    Effect::new(|_| platform::page::mark_hydrated());
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Hubbub".to_owned() } else { format!("{page} · Hubbub") } />
        <Router>
            <Page />
        </Router>
    }
}

/// The current page. The frame stays while pages change inside it.
#[component]
fn Page() -> impl IntoView {
    let route = navigation::current();
    navigation::attend();
    let around = memo(move || match route.get() {
        alone @ (Route::SignIn | Route::Register) => alone,
        _ => Route::Front,
    });
    live(move || match around.get() {
        Route::SignIn => view! { <SignInPage /> }.into_any(),
        Route::Register => view! { <RegisterPage /> }.into_any(),
        _ => view! { <Frame route=route /> }.into_any(),
    })
}
