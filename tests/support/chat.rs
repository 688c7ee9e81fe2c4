//! A whole server in this process, on a free port, and people who use it by HTTP.

use super::databases::{Database, sqlite};
use super::live::Live;
use hubbub::model::Error;
use hubbub::server::clock::Clock;
use hubbub::server::config::{Options, Registration, Settings};
use hubbub::server::listener::{self, Limits};
use hubbub::server::{Core, router};
use leptos::config::LeptosOptions;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use serde::de::DeserializeOwned;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const PASSWORD: &str = "Harbour-77-rowing";

pub struct Chat {
    pub core: Arc<Core>,
    pub address: SocketAddr,
    server: JoinHandle<()>,
    database_url: String,
    /// Its own, unless it was started over one that was there before.
    _database: Option<Database>,
}

impl Chat {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_within(change, Limits::default()).await
    }

    pub async fn start_within(change: impl FnOnce(&mut Settings), limits: Limits) -> Self {
        Self::start_fresh(Clock::System, change, limits).await
    }

    /// A server that takes its time from this clock.
    pub async fn start_at(clock: Clock) -> Self {
        Self::start_fresh(clock, |_| {}, Limits::default()).await
    }

    async fn start_fresh(clock: Clock, change: impl FnOnce(&mut Settings), limits: Limits) -> Self {
        let database = sqlite();
        let mut chat = Self::serve(&database.url, clock, change, limits).await;
        chat._database = Some(database);
        chat
    }

    /// A server over this database.
    pub async fn over(database_url: &str) -> Self {
        Self::serve(database_url, Clock::System, |_| {}, Limits::default()).await
    }

    /// A server over this database where accounts are made by these, with its clock in the test's hands.
    pub async fn open_to(database_url: &str, clock: Clock, registration: Registration) -> Self {
        Self::serve(database_url, clock, |settings| settings.registration = registration, Limits::default()).await
    }

    async fn serve(database_url: &str, clock: Clock, change: impl FnOnce(&mut Settings), limits: Limits) -> Self {
        let mut settings = Settings::new(Options::default()).unwrap();
        settings.registration = Registration::Open;
        change(&mut settings);
        let core = Core::open_to(database_url, clock, settings.registration).await.unwrap();
        let options = LeptosOptions::builder().output_name("hubbub").build();
        let app = router::router(Arc::clone(&core), Arc::new(settings), options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            listener::serve(listener, app, limits, std::future::pending()).await;
        });
        Chat { core, address, server, database_url: database_url.to_owned(), _database: None }
    }

    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Someone with a browser of their own, not signed in.
    pub fn stranger(&self) -> Person {
        stranger_at(self.address)
    }

    /// Registers someone and leaves them signed in.
    pub async fn user(&self, username: &str) -> Person {
        register_at(self.address, username).await
    }

    /// Someone with an account, signed in at another device of theirs.
    pub async fn device(&self, username: &str) -> Person {
        let mut device = self.stranger();
        let answer = device.sign_in(username, PASSWORD).await;
        device.keep_cookie(&answer);
        device
    }

    pub async fn connect(&self, person: &Person) -> Live {
        Live::open(self.address, &person.cookie).await.unwrap()
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn stranger_at(address: SocketAddr) -> Person {
    let client = reqwest::Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(HeaderMap::from_iter([(ORIGIN, format!("http://{address}").parse().unwrap())]))
        .build()
        .unwrap();
    Person { client, site: format!("http://{address}"), cookie: String::new() }
}

/// Registers someone at a server wherever it runs.
pub async fn register_at(address: SocketAddr, username: &str) -> Person {
    let mut person = stranger_at(address);
    let answer = person.register(username).await;
    if !answer.status().is_success() {
        panic!("{username} could not register: {}", answer.text().await.unwrap());
    }
    person.keep_cookie(&answer);
    person
}

pub struct Person {
    pub client: reqwest::Client,
    pub site: String,
    /// The session's cookie, as `name=value`.
    pub cookie: String,
}

impl Person {
    pub async fn register(&self, username: &str) -> reqwest::Response {
        self.register_by("", username).await
    }

    /// Registers by an invitation's token.
    pub async fn register_by(&self, invite: &str, username: &str) -> reqwest::Response {
        let email = format!("{username}@harbour.example");
        self.call(
            "register",
            &[
                ("username", username),
                ("first_name", "First"),
                ("last_name", "Last"),
                ("email", &email),
                ("password", PASSWORD),
                ("invite", invite),
            ],
        )
        .await
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> reqwest::Response {
        self.call("sign-in", &[("login", username), ("password", password)]).await
    }

    pub async fn is_signed_in(&self) -> bool {
        self.call("who-am-i", &[]).await.text().await.unwrap() != "null"
    }

    /// Calls a server function that must not refuse, and reads its answer.
    pub async fn ask<T: DeserializeOwned>(&self, function: &str, arguments: &[(&str, &str)]) -> T {
        let answer = self.call(function, arguments).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{function}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Sends a plain form, as a browser without scripts does from this page; where that leads.
    pub async fn sends(&self, function: &str, fields: &[(&str, &str)], page: &str) -> String {
        let request = self.client.post(format!("{}/api/{function}", self.site)).form(fields);
        let request = request.header("accept", "text/html").header("referer", format!("{}{page}", self.site));
        let answer = request.send().await.unwrap();
        answer.headers()[LOCATION].to_str().unwrap().trim_start_matches(&self.site).to_owned()
    }

    /// Calls a server function with these arguments.
    pub async fn call(&self, function: &str, arguments: &[(&str, &str)]) -> reqwest::Response {
        self.client.post(format!("{}/api/{function}", self.site)).form(arguments).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.site)).header("accept", "text/html").send().await.unwrap()
    }

    pub fn keep_cookie(&mut self, answer: &reqwest::Response) {
        let cookie = answer.headers().get(SET_COOKIE).expect("a session's cookie").to_str().unwrap();
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }
}

/// A refusal's status, and what it says.
pub async fn refused(answer: reqwest::Response) -> (StatusCode, Error) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} is no refusal: {text}")))
}
