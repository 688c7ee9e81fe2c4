//! Forms, sent as the browser would, but without leaving the page.
//!
//! A form's fields are sent to the address in its `action`: one function for all of them, where a call of each server
//! function would be code that the browser has to download.

use crate::model::{Error, json};
use leptos::ev::SubmitEvent;
use server_fn::client::Client;
use server_fn::client::browser::BrowserClient;
use server_fn::redirect::call_redirect_hook;
use server_fn::request::ClientReq;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::ClientRes;
use std::future::Future;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// Sends the form that is being submitted; `None` for a form with `method=get`. If the answer is a redirect, it is
/// followed, and the future returns true.
pub fn send(event: &SubmitEvent) -> Option<impl Future<Output = Result<bool, Error>> + 'static> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    if form.method() != "post" {
        return None;
    }
    let request = request(&form);
    Some(async move {
        let request = request.ok_or_else(Error::unreachable)??;
        let response = <BrowserClient as Client<Error>>::send(request).await?;
        if (200..300).contains(&ClientRes::<Error>::status(&response)) {
            let leads = ClientRes::<Error>::has_redirect(&response);
            if leads {
                call_redirect_hook(&ClientRes::<Error>::location(&response));
            }
            return Ok(leads);
        }
        let text: String = ClientRes::<Error>::try_into_string(response).await?;
        Err(json::read(&text).unwrap_or_else(|_| Error::unreachable()))
    })
}

/// The address of a form with `method=get`, with its fields as the query; `None` for any other form.
pub fn get_address(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    if form.method() != "get" {
        return None;
    }
    let data = FormData::new_with_form(&form).ok()?;
    let query = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string();
    Some(format!("{}?{}", form.get_attribute("action")?, String::from(query)))
}

fn request(form: &HtmlFormElement) -> Option<Result<BrowserRequest, Error>> {
    let data = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string();
    let action = form.get_attribute("action")?;
    Some(BrowserRequest::try_new_post(&action, "application/x-www-form-urlencoded", "application/json", body.into()))
}
