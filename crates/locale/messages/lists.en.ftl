# Lists: exports, views, changing many, regions.

## Exports and filters

list_title = List
list_export_note = Working data, not official statistics.
list_missing = Not known
field_exported = Taken out as a file
change_contact_export = Contacts taken out as a file
