//! Submitting a form to the server.

use crate::client::platform::{form, page};
use crate::model::{Code, Error};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;

/// The state of a form's submission.
#[derive(Clone, Copy)]
pub struct FormSubmission {
    pending: RwSignal<bool>,
    result: RwSignal<Option<Result<(), Error>>>,
}

impl FormSubmission {
    /// For the server function at `path`. Without scripts its refusal comes back with the page, in the address.
    pub fn new(path: &str) -> Self {
        Self::with_error(use_context::<ServerActionError>().filter(|error| error.path() == path))
    }

    /// For a page with forms of several server functions.
    pub fn for_any_form() -> Self {
        Self::with_error(use_context::<ServerActionError>())
    }

    fn with_error(error: Option<ServerActionError>) -> Self {
        let result = error.map(|error| Err(ServerFnUrlError::<Error>::decode_err(error.err())));
        FormSubmission { pending: RwSignal::new(false), result: RwSignal::new(result) }
    }

    /// Sends the form that is being submitted. Once the server has accepted it, `done` is called with whether the answer
    /// was a redirect, and the form may be submitted again. Without `done`, the answer redirects to the next page. A form
    /// that requests a page is left to the browser.
    pub fn submit(self, event: &SubmitEvent, done: Option<Callback<bool>>) {
        let Some(response) = form::send(event) else { return };
        event.prevent_default();
        if untrack(|| self.is_busy()) {
            return;
        }
        self.pending.set(true);
        spawn_local(async move {
            let result = response.await;
            let accepted = result.is_ok();
            if result.as_ref().is_err_and(|error| error.code == Code::SignInRequired) {
                page::sign_in();
            }
            let redirected = result.as_ref().is_ok_and(|redirected| *redirected);
            // A form that stays on the page may be submitted again.
            self.result.try_set(Some(result.map(drop)).filter(|_| !accepted || done.is_none()));
            self.pending.try_set(false);
            if let Some(done) = done.filter(|_| accepted) {
                done.try_run(redirected);
            }
        });
    }

    /// The form is being sent, or has been accepted and the next page is loading.
    pub fn is_busy(self) -> bool {
        // The answer may lead to another page, and a row of a list may read this once more after its page is gone.
        self.pending.try_get().unwrap_or(false)
            || self.result.try_with(|result| matches!(result, Some(Ok(())))).unwrap_or(false)
    }

    /// Why the server refused it.
    pub fn error(self) -> Option<Error> {
        self.result.try_with(|result| result.as_ref()?.as_ref().err().cloned()).flatten()
    }
}
