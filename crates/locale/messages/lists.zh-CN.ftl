# 清单：导出、视图、批量修改、地区。

## 导出与筛选

list_title = 清单
list_export_note_label = 用途
list_export_note = 工作调度数据,非统计数据
export_measure = 指标 · { $label }
counting_rule_words = { $rule }：指标、单位、时间口径都相同的数据才相加，只计实际发生、未撤销、未被更正的；同一记录的时点数、累计数只取最后一次；有逐条数据时以逐条为准，资料所述总数并列不相加；只有资料所述总数时，先取范围大的、发布晚的、登记早的，与已计入的重复或交叉的不计。
list_missing = 缺少信息
field_exported = 导出
change_contact_export = 导出联系人

## 视图

list_view_set_default = 设为默认
list_view_is_default = 取消默认
list_view_opens_with = 打开清单时使用“{ $name }”
list_view_saved = 已保存视图“{ $name }”。
list_view_deleted = 已删除视图“{ $name }”。
list_view_taken = 已有名为“{ $name }”的视图。替换它，或换一个名称保存。
list_view_replace = 替换
change_view_save = 保存视图
change_view_delete = 删除视图
change_view_default = 设置默认视图
export_all_columns = 全部栏目 (.xlsx)
export_names = 其他名称
cli_export_kind = 没有这类记录：{ $kind }
cli_exported = 已导出 { $rows } 条
