//! The operator's commands: accounts, from the shell of the machine.

use super::auth::{Passwords, new_user};
use super::config::UserCommand;
use super::store::users::{self, Account, UserState};
use super::{Core, error, setup};
use crate::model::registration::RegistrationForm;
use crate::model::{Email, Error, Password, key};
use std::io::{IsTerminal, Write};

/// Runs one of the operator's commands and prints what was done.
///
/// # Errors
/// What a person at the shell can act on.
pub async fn run(core: &Core, command: UserCommand, out: &mut impl Write) -> Result<(), Error> {
    let message = match command {
        UserCommand::Add { username, first_name, last_name, email } => {
            let form =
                RegistrationForm { username, first_name, last_name, email, password: ask_password()?, workspace: None };
            let user = new_user(&form.check()?, &Passwords::new()?).await?;
            let username = user.username.clone();
            core.writer.register(user).await?;
            format!("Added {username}.")
        }
        UserCommand::List => return list(core, out).await,
        UserCommand::Disable { login } => {
            let account = find(core, &login).await?;
            core.writer.set_user_state(account.me.person.id, UserState::Disabled).await?;
            format!("Disabled {}; its sessions have ended.", account.me.person.username)
        }
        UserCommand::Enable { login } => {
            let account = find(core, &login).await?;
            core.writer.set_user_state(account.me.person.id, UserState::Active).await?;
            format!("Enabled {}.", account.me.person.username)
        }
        UserCommand::ResetPassword { login } => {
            let account = find(core, &login).await?;
            let password = Password::parse(&ask_password()?)?;
            let hash = Passwords::new()?.hash_new(&password, (&account.me).into()).await?;
            core.writer.set_password_hash(account.me.person.id, hash).await?;
            format!("Set a new password for {}; its sessions have ended.", account.me.person.username)
        }
    };
    writeln!(out, "{message}").map_err(|cause| error::internal("writing to the terminal", &cause))
}

/// Begins a new epoch after a restore: clients may know more than the copy holds, and must not go on from there.
///
/// # Errors
/// When the database cannot be written.
pub async fn restored(core: &Core, out: &mut impl Write) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let is_new = !users::any(&mut snapshot.conn()).await.map_err(error::reading)?;
    drop(snapshot);
    if is_new {
        return Err(Error::invalid(
            "There is no database with accounts here. Is this the data folder that was put back?",
        ));
    }
    core.writer.renew_epoch(setup::new_epoch()).await?;
    let message =
        "The database has a new lifetime: every page that was open starts afresh. Restart the server if it runs.";
    writeln!(out, "{message}").map_err(|cause| error::internal("writing to the terminal", &cause))
}

async fn list(core: &Core, out: &mut impl Write) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let accounts = users::all(&mut snapshot.conn()).await.map_err(error::reading)?;
    let mut text = String::new();
    for Account { me, state, .. } in accounts {
        let role = me.role.as_str();
        text.push_str(&format!(
            "{}\t{}\t{}\t{role}\t{}\n",
            me.person.username,
            me.person.full_name(),
            me.email,
            state.as_str()
        ));
    }
    if text.is_empty() {
        text.push_str("There are no accounts yet. The first one to register becomes the owner.\n");
    }
    out.write_all(text.as_bytes()).map_err(|cause| error::internal("writing to the terminal", &cause))
}

async fn find(core: &Core, login: &str) -> Result<Account, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let email_key = Email::parse(login).map(|email| email.key()).unwrap_or_default();
    let account = users::find_by_login(&mut snapshot.conn(), &key::lookalike_key(login), &email_key)
        .await
        .map_err(error::reading)?;
    account.ok_or_else(|| Error::invalid(format!("There is no account “{login}”. `hubbub user list` shows them all.")))
}

/// Asks at a terminal without showing what is typed; reads one line otherwise.
fn ask_password() -> Result<String, Error> {
    let read = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Password: ")
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
    };
    read.map_err(|cause| error::internal("reading the password", &cause))
}
