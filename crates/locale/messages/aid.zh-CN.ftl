# 援助项目与资金台账
nav_aid = 援助资金
one_aid_project = 援助项目
one_aid_contract = 援助合同
