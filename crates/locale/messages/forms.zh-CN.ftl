## 清单与档案

title_label = 名称
changed_at = 最近修改
archived = 已归档
unit_wan_yuan = 万元
view_table = 表格
view_map = 地图
list_new = 新建{ $kind }
one_opportunity = 推介项目
one_need = 企业需求
one_lead = 首谈登记
one_prospect = 意向企业
one_policy = 政策文件
one_agreement = 协议
one_event = 推介会
one_organisation = 单位
one_park = 园区
one_enclave = 飞地
one_contact = 联系人
one_office = 工作机构
one_pairing = 结对关系
one_cohort = 批次
list_search_hint = 名称、编号、内容
map_records = { $kind }(个)
edit = 编辑
record_archived = 这条档案已归档，不再出现在清单中。
record_protected = 首谈登记保护中：只有登记单位能看到。
stamped_copy = 盖章文本
related_by = { $kind }({ $field })
not_open_to_you = 未对您开放
nav_library = 项目库
nav_agreements = 协议
nav_projects = 产业项目
nav_registers = 名录
yes = 是
no = 否

## 表单

title_en_label = 英文名称
unit_yi_yuan = 亿元
record_created = 已新建“{ $title }”。
record_saved = 已保存。
form_masked = { $fields }中的身份证号码已遮盖，系统不保存。
record_edit = 编辑“{ $title }”
aliases_hint = 一行一个：简称、曾用名、别名
amount_hint = 只填数字；记作一条数据，改动后原值仍保留
uscc_hint = 18 位，校验码按 GB 32100 核对
record_hint = 输入名称、拼音首字母或编号
problem_missing = 必填。
problem_unknown = 不在可选范围内，请从列表中选择或填写编号、全称。
problem_ambiguous = 有多条同名记录，请填写编号。
problem_number = 请填写数字，例如 1200.5。
problem_negative = 不能小于零。
problem_too_fine = 小数位过多。
problem_too_large = 数值过大。
problem_too_long = 过长，最多 { $limit } 字。
problem_web_address = 请按 www.example.com 或 https://www.example.com 的格式填写网址。
problem_date = 请按 2026-03-31 的格式填写日期。
problem_far_date = 日期应在 1900 年至 2199 年之间。
problem_range = 上限小于下限。
problem_order = 早于 { $day }，请核对先后。
problem_uscc_length = 应为 18 位，现有 { $found } 位。
problem_uscc_character = 第 1 至 18 位中不应出现“{ $character }”。
problem_uscc_check = 校验码不符，按前 17 位应为 { $expected }，请核对。
problem_parties = 至少需要两方。
problem_itself = 不能指向自身。
problem_taken = 已被使用。

## 推介单

prospectus_title = 项目推介手册
sheet_open = 推介单(可公开)
policy_reviewed = 公平竞争审查
policy_withheld = 政策“{ $title }”缺文号、有效期或公平竞争审查，或不在有效期内，推介单不列出。
