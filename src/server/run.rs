//! Running the program: settings, log, database, and either the site or one of the operator's commands.

use super::clock::Clock;
use super::config::{Cli, Command, ConfigError, FILE, Settings};
use super::listener::Limits;
use super::{Core, demo, janitor, listener, operator, presence, router};
use crate::model::Error;
use leptos::config::{LeptosOptions, get_configuration};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tracing_subscriber::EnvFilter;

/// The site's options, for running in a checkout.
const SITE_FILE: &str = "Leptos.toml";
/// How long requests in progress may still take when the program stops.
const GRACE: Duration = Duration::from_secs(5);

/// Why a command of the program failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("the filter of the log is not valid: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("the data folder {0} cannot be created: {1}")]
    Data(String, std::io::Error),
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the database's writer has failed; everything acknowledged is safe, start the program again")]
    Writer,
    #[error("{0}")]
    Command(#[from] Error),
}

/// Runs one command; serving ends when the process is asked to stop.
///
/// # Errors
/// What the operator can act on.
pub async fn run(cli: Cli) -> Result<(), RunError> {
    let program = std::env::current_exe().ok();
    let settings = Arc::new(Settings::load(cli.options, program.as_deref().and_then(Path::parent))?);
    log(&settings.log)?;
    create_folder(&settings.data).map_err(|cause| RunError::Data(settings.data.display().to_string(), cause))?;
    let command = cli.command.unwrap_or(Command::Serve);
    let now = Clock::System.now();
    let clock = match command {
        // General and the owner must be as old as the rest of the demo.
        Command::Demo { .. } => Clock::at(demo::beginning(now)),
        Command::Serve | Command::User(_) | Command::Restored => Clock::System,
    };
    let core = Core::open_to(&settings.database_url, clock, settings.registration).await?;
    let result = match command {
        Command::Serve => serve(Arc::clone(&core), Arc::clone(&settings)).await,
        Command::Restored => operator::restored(&core, &mut std::io::stdout()).await.map_err(RunError::from),
        Command::Demo { seed } => {
            let site = settings.url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
            demo::run(&core, seed, now, &site, &mut std::io::stdout()).await.map_err(RunError::from)
        }
        Command::User(command) => operator::run(&core, command, &mut std::io::stdout()).await.map_err(RunError::from),
    };
    core.close().await;
    result
}

/// Creates the data folder, readable by its owner only: it holds messages and password hashes.
fn create_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

async fn serve(core: Arc<Core>, settings: Arc<Settings>) -> Result<(), RunError> {
    log_settings(&settings);
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|cause| RunError::Listen(settings.listen, cause))?;
    let address = listener.local_addr().map_err(|cause| RunError::Listen(settings.listen, cause))?;
    let app = router::router(Arc::clone(&core), Arc::clone(&settings), leptos_options())?;
    let janitor = tokio::spawn(janitor::run(Arc::clone(&core)));
    let presence = tokio::spawn(presence::run(Arc::clone(&core)));

    println!("Hubbub is ready: {}", settings.url.clone().unwrap_or_else(|| format!("http://{address}")));
    let stopping = Arc::clone(&core);
    let stopping_since = Arc::new(Notify::new());
    let writer_failed = Arc::new(AtomicBool::new(false));
    let failed = Arc::clone(&writer_failed);
    let stop_within = Arc::clone(&stopping_since);
    let stop = async move {
        tokio::select! {
            () = asked_to_stop() => tracing::info!("stopping"),
            () = stopping.writer.ended() => {
                tracing::error!("the writer has ended; the program ends with it");
                failed.store(true, Ordering::Relaxed);
            }
        }
        // The HTTP server waits for requests only; live connections are closed with the code that asks to reconnect.
        stopping.hub.close_all(crate::wire::close::RESTART);
        stop_within.notify_one();
    };
    let limits = Limits::of_machine(settings.url.is_some());
    tokio::select! {
        () = listener::serve(listener, app, limits, stop) => {}
        () = async { stopping_since.notified().await; tokio::time::sleep(GRACE).await } => {}
    }
    janitor.abort();
    presence.abort();
    if writer_failed.load(Ordering::Relaxed) { Err(RunError::Writer) } else { Ok(()) }
}

/// The site's options: from `Leptos.toml` in the folder that the program is started in (a checkout), otherwise those it
/// was built with.
fn leptos_options() -> LeptosOptions {
    let built_in = || LeptosOptions::builder().output_name("hubbub").site_root("target/site").build();
    if !Path::new(SITE_FILE).exists() {
        return built_in();
    }
    match get_configuration(Some(SITE_FILE)) {
        Ok(config) => config.leptos_options,
        Err(cause) => {
            tracing::warn!(file = SITE_FILE, %cause, "the site's options cannot be read; using the built-in ones");
            built_in()
        }
    }
}

fn log_settings(settings: &Settings) {
    match &settings.file {
        Some(file) => tracing::info!(file = %file.display(), "settings read"),
        None => {
            tracing::info!("no {FILE} in the data folder or beside the program; using flags, environment and defaults")
        }
    }
}

/// Sets up the log: readable on a terminal, JSON otherwise.
fn log(filter: &str) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = if std::io::stderr().is_terminal() { subscriber.try_init() } else { subscriber.json().try_init() };
    if let Err(error) = set {
        // Only in a test that has set up its own.
        tracing::debug!(%error, "the log was set up already");
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "cannot listen for the signal to terminate"),
        }
    }
    if let Err(error) = interrupted.await {
        tracing::error!(%error, "cannot listen for the signal to stop");
        std::future::pending::<()>().await;
    }
}
