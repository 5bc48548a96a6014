# Lists: exports, views, changing many, regions.

## Exports and filters

list_title = List
list_export_note_label = Working data, not official statistics
list_export_note = 工作调度数据,非统计数据
export_measure = Measure · { $label }
counting_rule_words = { $rule }: only figures of the same measure, unit and kind of time are added, and only what happened, was not withdrawn and was not corrected; of the states and running totals of one record the last counts; where single records are known they are the total and what sources state for the whole stands beside it; else the wider scope comes first, then the later publication, then the earlier entry, and what repeats or overlaps a counted figure is left out.
list_missing = Not known
field_exported = Taken out as a file
change_contact_export = Contacts taken out as a file

## Views

list_view_set_default = Open with it
list_view_is_default = Do not open with it
list_view_opens_with = Open the list with “{ $name }”
list_view_saved = The view “{ $name }” is saved.
list_view_deleted = The view “{ $name }” is deleted.
list_view_taken = There is a view named “{ $name }”. Replace it, or save under another name.
list_view_replace = Replace
change_view_save = View saved
change_view_delete = View deleted
change_view_default = Default view set
export_all_columns = All columns (.xlsx)
export_names = Further names
cli_export_kind = there is no kind of record called { $kind }
cli_exported = { $rows } records written
