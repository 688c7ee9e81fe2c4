//! Views whose code is a module of its own, which the browser loads when the view is first shown.
//!
//! What the first paint needs is in the main module; everything else can be lazy. A lazy view is a function with its own
//! chunk, and the place that shows it:
//!
//! ```ignore
//! use leptos::wasm_split::wasm_split;
//!
//! #[wasm_split(members, wasm_split_path = leptos::wasm_split, fallible)]
//! fn members(room: ConversationId) -> LazyView {
//!     lazy_view(move || view! { <Members room=room /> }.into_any())
//! }
//!
//! lazy(move || members(room), || view! { <Skeleton rows=4 /> }.into_any())
//! ```
//!
//! `#[lazy]` of the framework is the same without `fallible`: there a chunk that cannot be loaded ends the page.

use crate::client::effect;
use crate::client::platform::page;
use crate::ui::parts::live;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Makes the view once its code is there.
pub type MakeView = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// What the function of a chunk returns. It is an error when the chunk could not be loaded.
pub type LazyView = Result<MakeView, SplitLoaderError>;

/// The view of a chunk. It is made where it is shown: under the owner, and with the contexts, of the call of [`lazy`], and
/// not at all when that has been left meanwhile.
///
/// # Errors
/// Never: only the loading itself fails.
pub fn lazy_view(make: impl Fn() -> AnyView + Send + Sync + 'static) -> LazyView {
    Ok(Arc::new(make))
}

#[derive(Clone)]
enum State {
    Loading,
    Ready(MakeView),
    Failed(Failure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// The chunk did not arrive.
    Unreachable,
    /// The server carries another build, and this page's files no more.
    Outdated,
}

/// Shows a lazily loaded view: `skeleton` until its code is there, and when that cannot be loaded, why, and the way out. The
/// server renders the skeleton.
pub fn lazy<F>(load: impl Fn() -> F + 'static, skeleton: fn() -> AnyView) -> AnyView
where
    F: Future<Output = LazyView> + 'static,
{
    lazy_around(load, skeleton, |view| view)
}

/// The same with something around the skeleton, and around the reason why the view could not be loaded; not around the view.
pub fn lazy_around<F>(
    load: impl Fn() -> F + 'static,
    skeleton: fn() -> AnyView,
    around: impl Fn(AnyView) -> AnyView + Send + 'static,
) -> AnyView
where
    F: Future<Output = LazyView> + 'static,
{
    show(Box::new(move || Box::pin(load())), skeleton, Box::new(around))
}

type Load = Box<dyn Fn() -> Pin<Box<dyn Future<Output = LazyView>>>>;
type Around = Box<dyn Fn(AnyView) -> AnyView + Send>;

/// Without type parameters: this is in the main module once, not once a view.
fn show(load: Load, skeleton: fn() -> AnyView, around: Around) -> AnyView {
    let state = RwSignal::new(State::Loading);
    let submission = RwSignal::new(0_u32);
    effect(move || {
        submission.track();
        let loaded = load();
        spawn_local(async move {
            let next = match loaded.await {
                Ok(make) => State::Ready(make),
                Err(_) if page::is_outdated().await => State::Failed(Failure::Outdated),
                Err(_) => State::Failed(Failure::Unreachable),
            };
            // Nobody may be looking any more.
            state.try_set(next);
        });
    });
    let retry = move || {
        state.set(State::Loading);
        submission.update(|submission| *submission += 1);
    };
    let status = move || state.with(|state| matches!(state, State::Loading).then_some("Loading…"));
    let content = move || match state.get() {
        State::Loading => around(view! { <div aria-busy="true">{skeleton()}</div> }.into_any()),
        State::Ready(make) => make(),
        State::Failed(failure) => {
            around(view! { <Failed failure=failure retry=Callback::new(move |()| retry()) /> }.into_any())
        }
    };
    view! {
        <span role="status" class="hidden-text">
            {live(status)}
        </span>
        {live(content)}
    }
    .into_any()
}

/// Why the view is not there, and what can be done.
#[component]
fn Failed(failure: Failure, retry: Callback<()>) -> impl IntoView {
    let (text, label) = match failure {
        Failure::Unreachable => ("This part of the page could not be loaded.", "Try again"),
        Failure::Outdated => ("A new version of Hubbub is here. What you have typed is kept.", "Reload"),
    };
    let act = move |_| match failure {
        Failure::Unreachable => retry.run(()),
        Failure::Outdated => page::reload(),
    };
    view! {
        <div class="not-loaded">
            <p role="alert">{text}</p>
            <button class="button s plain" type="button" on:click=act>
                {label}
            </button>
        </div>
    }
    .into_any()
}
