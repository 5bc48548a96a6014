# 清单：导出、视图、批量修改、地区。

## 导出与筛选

list_title = 清单
list_export_note = 工作调度数据，非统计数据。
list_missing = 缺少信息
field_exported = 导出
change_contact_export = 导出联系人
