## Lists and records

title_label = Name
changed_at = Last change
archived = Archived
unit_wan_yuan = CNY 10k
view_table = Table
view_map = Map
list_new = New { $kind }
one_opportunity = opportunity
one_need = need
one_lead = lead
one_prospect = prospect
one_policy = policy
one_agreement = agreement
one_event = event
one_organisation = organisation
one_park = park
one_enclave = enclave
one_contact = contact
one_office = office
one_pairing = pairing
one_cohort = cohort
list_search_hint = Name, code, content
map_records = { $kind }
edit = Edit
record_archived = This record is archived and no longer listed.
record_protected = Protected lead: only the team that registered it can see it.
stamped_copy = Stamped copy
related_by = { $kind } ({ $field })
not_open_to_you = Not open to you
nav_library = Project library
nav_agreements = Agreements
nav_projects = Projects
nav_registers = Registers
yes = Yes
no = No

## Forms

title_en_label = English name
unit_yi_yuan = CNY 100m
record_created = “{ $title }” was created.
record_saved = Saved.
form_masked = { $fields }: an identity number was masked; it is kept nowhere.
record_edit = Edit “{ $title }”
aliases_hint = One a line: short names, former names, other names
amount_hint = Digits only; kept as a figure, the former value stays on record
uscc_hint = 18 characters; the check character is verified by GB 32100
record_hint = Type a name, pinyin initials or a code
problem_missing = Needed.
problem_unknown = Not one of those on record: choose from the list, or type the code or the full name.
problem_ambiguous = Several records have this name: type the code.
problem_number = Type a number, for example 1200.5.
problem_negative = Cannot be below zero.
problem_too_fine = Too many decimal places.
problem_too_large = Too large.
problem_too_long = Too long: at most { $limit } characters.
problem_web_address = Type an address as www.example.com or https://www.example.com.
problem_date = Type a day as 2026-03-31.
problem_far_date = The day must lie between 1900 and 2199.
problem_range = The upper end lies below the lower.
problem_order = Before { $day }: check which comes first.
problem_uscc_length = A code has 18 characters, this has { $found }.
problem_uscc_character = “{ $character }” cannot stand in a code.
problem_uscc_check = The check character does not match: by the first 17 it would be { $expected }.
problem_parties = At least two parties are needed.
problem_itself = Cannot refer to itself.
problem_taken = Already in use.

## Public sheets

prospectus_title = Prospectus of opportunities
sheet_open = Public sheet
policy_reviewed = Fair-competition review
policy_withheld = The policy “{ $title }” lacks its number, validity or fair-competition review, or is not in force: the public sheet leaves it out.
