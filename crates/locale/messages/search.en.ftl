# Search, English.

## Search
search_title = Search
search_open = Search
search_placeholder = Names, codes, pinyin initials, text
search_hint = Type two characters, pinyin initials such as hbjt, or a code; words set apart by spaces must all be there.
search_none = Nothing found for “{ $words }”
search_count = { $count } { $count -> [one] result *[other] results }
search_first = The { $count } best results
search_results = Results
search_more = All results
search_field = Search everything in this programme
