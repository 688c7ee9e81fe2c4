-- What the workspace is called. The default is the name until its owner gives it one (model/workspace.rs).
alter table installation add column workspace_name text not null default 'Hubbub';
