# 搜索，简体中文。

## Search
search_title = 搜索
search_open = 搜索
search_placeholder = 名称、编号、拼音首字母、正文
search_hint = 输入两个字、拼音首字母(如 hbjt)或编号；用空格隔开的词须全部出现。
search_none = 没有找到“{ $words }”
search_count = 找到 { $count } 条
search_first = 显示最相关的 { $count } 条
search_results = 搜索结果
search_more = 查看全部结果
search_field = 搜索本协作的全部内容
