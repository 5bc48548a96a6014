# Agreements, leads, sub-totals and shares of enclaves, English.

## Agreements
agreement_upgrade = Upgrade to an investment agreement
agreement_renew = Renew
agreement_past_term = Its term is over ({ $day }): mark it expired, renew it, or extend the term
agreement_upgraded = Upgraded. Both are kept; totals count the later one:
agreement_renewed = Renewed. Both are kept:
agreement_children = Agreements under it
event_agreements = Agreements signed
move_to = Move to “{ $status }”
move_submit = Confirm
move_done = Moved to “{ $status }”
problem_twice = One organisation stands twice in the same role
problem_not_signed = That agreement is not signed, or was upgraded, renewed or rescinded
problem_not_intent = Only frameworks, memoranda and letters of intent are upgraded
problem_not_contract = An upgrade is an investment, purchase or service agreement
problem_not_framework = It must be a framework agreement
problem_over = The agreement was rescinded, upgraded or renewed; its amount stays as it is

## Leads
lead_taken = “{ $enterprise }” is registered by another team since { $since }. Please ask { $ask }
lead_notice = “{ $enterprise }” is registered by another team since { $since }. Please ask { $ask }
lead_twin = Your team has registered the same enterprise already
reason_lead_idle = Released after the set time without activity
problem_not_yours = Leads are registered for one's own office, one below it, or one in one's own region
change_lead_release = Lead released
lead_release_days = Leads are released after so many days without activity

## Names of changes
change_record_add = Record created
change_record_edit = Record edited
change_record_archive = Record archived
change_record_restore = Record restored

## Shares of an enclave
record_shares = Shares of output and tax
record_shares_none = No share is recorded yet
share_of = Shared
share_output = Output
share_tax = Tax
share_from = From
share_to = To
share_sending = Sending region
share_receiving = Receiving region
share_add = Add a share
share_added = Added
share_remove = Remove
share_removed = Removed
problem_overlap = This period overlaps one that is recorded for the same
problem_shares = The two add up to 100% at most
entity_enclave_share = Share
field_share_of = shared
field_sending_share = sending region
field_receiving_share = receiving region
change_share_add = Share added
change_share_remove = Share removed

## Sub-totals
sum_region = Region of a sub-total
sum_whole = All agreements · { $measure }
sum_part = One stated part
sum_parts = Stated parts together · { $measure }
sum_not_recorded = No amount on record
sum_not_stated = No stated total
