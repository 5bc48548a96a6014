# Aid projects and the ledger of their money
nav_aid = Aid
one_aid_project = aid project
one_aid_contract = aid contract
