"""Resource requests 资源申请: what departments were asked for, and the form of a week."""
