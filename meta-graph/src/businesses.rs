//! Business portfolios and what they own (Business Management API: Business).

mod accounts;
mod business;
mod people;

pub use accounts::{
    BusinessAdAccount, BusinessInstagramAccount, BusinessWhatsAppAccount, ListClientAdAccounts,
    ListClientPages, ListClientWhatsAppAccounts, ListInstagramAccounts, ListOwnedAdAccounts,
    ListOwnedInstagramAccounts, ListOwnedPages, ListOwnedWhatsAppAccounts, ListPendingClientPages,
    PendingPage,
};
pub use business::{Business, BusinessVerification, GetBusiness, ListBusinesses, NamedPage};
pub use people::{
    BusinessRole, BusinessUser, CreateSystemUser, CreatedSystemUser, ListBusinessUsers, ListSystemUsers,
    SystemUser,
};
