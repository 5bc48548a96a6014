//! The web part through its real router: what a browser sends, and what it gets.

mod access;
mod accounts;
mod archive;
mod bad_input;
mod browser;
mod bulk;
mod contacts;
mod editing;
mod entrance;
mod every_form;
mod evidence;
mod headers;
mod lists;
mod long_text;
mod meet;
mod merge;
mod review;
mod routes;
mod search;
mod settings;
mod shared;
mod shares;
mod site;
mod statements;
mod upload;
mod world;
