//! The use cases, on both databases.

mod agreements;
mod attached;
mod audit;
mod cited;
mod common;
mod contacts;
mod duplicates;
mod editing;
mod entrance;
mod factor;
mod leads;
mod lights;
mod meet;
mod merge;
mod news;
mod project_input;
mod projects;
mod reach;
mod reporting;
mod review;
mod screening;
mod search;
mod settings;
mod shared;
mod sums;
mod tasks;
