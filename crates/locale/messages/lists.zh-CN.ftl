# 清单：导出、视图、批量修改、地区。

## 导出与筛选

list_title = 清单
list_export_note = 工作调度数据，非统计数据。
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
