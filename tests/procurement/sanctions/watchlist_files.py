"""Small invented watchlists in the formats of four publishers."""

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2020-04-01T00:00:00">
  <INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>IVAN</FIRST_NAME><SECOND_NAME>PETROVICH</SECOND_NAME>
    <THIRD_NAME>SOKOLOV</THIRD_NAME><REFERENCE_NUMBER>UTi.001</REFERENCE_NUMBER>
    <NAME_ORIGINAL_SCRIPT>Иван Соколов</NAME_ORIGINAL_SCRIPT>
    <COMMENTS1>A practice entry.</COMMENTS1><NATIONALITY><VALUE>Utopia</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Vanya</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>P-12345678</NUMBER></INDIVIDUAL_DOCUMENT>
  </INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY><FIRST_NAME>BLACKWATER ORCHID</FIRST_NAME><REFERENCE_NUMBER>UTe.002</REFERENCE_NUMBER>
    <NAME_ORIGINAL_SCRIPT>黑水兰</NAME_ORIGINAL_SCRIPT><ENTITY_ALIAS><ALIAS_NAME>B.O. Trading</ALIAS_NAME></ENTITY_ALIAS>
    <ENTITY_ADDRESS><COUNTRY>Erewhon</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""
EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2020-04-01T00:00:00">
  <sanctionEntity euReferenceNumber="EU.1.1" logicalId="1"><remark>practice</remark><subjectType code="enterprise"/>
    <nameAlias wholeName="Blackwater Orchid" strong="true"/>
    <nameAlias firstName="Orchid" middleName="Black" lastName="Water" wholeName=""/>
    <address countryDescription="EREWHON"/><identification number="91330100799655058B"/></sanctionEntity>
</export>"""
OFAC = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation><Publish_Date>04/01/2020</Publish_Date></publshInformation>
  <sdnEntry><uid>1</uid><lastName>BLACKWATER ORCHID</lastName><sdnType>Entity</sdnType><remarks>a remark</remarks>
    <programList><program>PRACTICE</program></programList>
    <akaList><aka><uid>2</uid><type>a.k.a.</type><lastName>Trading</lastName><firstName>BO</firstName></aka></akaList>
    <addressList><address><uid>3</uid><country>Erewhon</country></address></addressList>
    <idList><id><uid>4</uid><idType>Registration</idType><idNumber>91330100799655058B</idNumber></id></idList></sdnEntry>
</sdnList>"""
SEMA = """<?xml version="1.0" encoding="utf-8"?>
<data-set>
  <record><Country>Erewhon</Country><EntityOrShip>Blackwater Orchid Shipping</EntityOrShip><Aliases>B.O.S.; 黑水兰</Aliases>
    <Schedule>1</Schedule><Item>7</Item></record>
  <record><Country>Utopia</Country><LastName>Sokolov</LastName><GivenName>Ivan Petrovich</GivenName><Aliases>Vanya</Aliases>
    <DateOfBirth>1970</DateOfBirth><Schedule>1, Part 2</Schedule><Item>12</Item></record>
  <record><Country>Erewhon</Country><Entity>Practice Tanker</Entity><ShipIMONumber>1234567</ShipIMONumber><Item>3</Item></record>
</data-set>"""
