//! The pages whose code is loaded lazily. The server renders them, and a browser that begins with one has loaded its code
//! before it hydrates the page.

use super::{PageLayout, PasswordPage, RegisterPage, RenderedPage, SignInPage};
use crate::model::Route;
use crate::ui::parts::{LazyView, PageData, Skeleton, lazy_around, lazy_view};
use futures::FutureExt;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// A page, with what it is made of.
#[derive(Clone, Copy)]
pub enum LazyPage {
    SignIn,
    Register,
    Password,
    /// What the server renders for this route. `back`: what leads back, where it belongs to another page.
    Rendered {
        route: Route,
        title: Signal<String>,
        back: Option<Route>,
        start: PageData,
    },
}

/// The code of all of them: a page is loaded by the same call by which its code was loaded ahead.
#[wasm_split(pages, wasm_split_path = leptos::wasm_split, fallible, preload(preload_pages))]
fn code(page: LazyPage) -> LazyView {
    lazy_view(move || match page {
        LazyPage::SignIn => view! { <SignInPage /> }.into_any(),
        LazyPage::Register => view! { <RegisterPage /> }.into_any(),
        LazyPage::Password => view! { <PasswordPage /> }.into_any(),
        LazyPage::Rendered { route, title, back, start } => {
            view! { <RenderedPage route=route title=title back=back start=start /> }.into_any()
        }
    })
}

impl LazyPage {
    /// The page; while its code is on its way, a skeleton in its place.
    pub fn show(self) -> AnyView {
        match code(self).now_or_never() {
            Some(Ok(make)) => make(),
            _ => lazy_around(
                move || code(self),
                || view! { <Skeleton rows=4 /> }.into_any(),
                move |view| self.around(view),
            ),
        }
    }

    /// What is around the skeleton, or around the reason why the page could not be loaded.
    fn around(self, view: AnyView) -> AnyView {
        match self {
            LazyPage::SignIn | LazyPage::Register => view! {
                <main id="main" class="card-page" tabindex="-1">
                    <div class="card">{view}</div>
                </main>
            }
            .into_any(),
            LazyPage::Password => view! { <PageLayout title="Change password">{view}</PageLayout> }.into_any(),
            LazyPage::Rendered { title, back, .. } => {
                view! { <PageLayout title=title back=back>{view}</PageLayout> }.into_any()
            }
        }
    }
}

/// Loads the code of a page that the server has rendered, so that it can be hydrated.
///
/// # Errors
/// It could not be loaded.
pub async fn load(route: Route) -> Result<(), SplitLoaderError> {
    match route {
        Route::Front | Route::Conversation(_) | Route::Diagnostics | Route::Unknown => Ok(()),
        Route::SignIn
        | Route::Register
        | Route::About(_)
        | Route::Rooms
        | Route::NewRoom
        | Route::People
        | Route::Find
        | Route::Devices
        | Route::Password
        | Route::Accounts
        | Route::Invitations
        | Route::Workspace => preload_pages().await,
    }
}
